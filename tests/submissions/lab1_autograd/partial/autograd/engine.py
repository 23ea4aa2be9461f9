"""Not begun."""


def backward(root, grad=None, *, retain_graph=False, create_graph=False):
    raise NotImplementedError


def grad(outputs, inputs, grad_outputs=None, create_graph=False, allow_unused=False):
    raise NotImplementedError

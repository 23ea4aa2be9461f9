"""What the tests of the engine call. They need no function of yours but `add`."""

import gc

import autograd
import numpy as np
from autograd import Function, Tensor
from probes import plain, told


class Product(Function):
    """a * b for equal shapes: the tests of your engine need no other function of yours."""

    def forward(self, a, b):
        return a * b

    def backward(self, g):
        a, b = self.inputs
        return Product()(g, b), Product()(g, a)


def graph(leaves, steps):
    """Build what `steps` say: each ["+" or "*", i, j]; i, j count leaves and earlier steps."""
    nodes = list(leaves)
    for sign, i, j in steps:
        nodes.append(nodes[i] + nodes[j] if sign == "+" else Product()(nodes[i], nodes[j]))
    return nodes


def run_backward(arrays, steps, upstream=None, calls=1, retain_graph=False):
    """Call backward on the last node, perhaps again; return what the leaves hold."""
    leaves = [Tensor(a, requires_grad=True) for a in arrays]
    nodes = graph(leaves, steps)
    g = None if upstream is None else Tensor(upstream)
    for _ in range(calls):
        autograd.backward(nodes[-1], g, retain_graph=retain_graph)
    return {"value": nodes[-1].data, "grads": [plain(x.grad) for x in leaves]}


def run_grad(arrays, steps, outputs, inputs, upstreams, allow_unused=False, constants=()):
    """Call grad from some nodes to some nodes; also return what it left in the leaves."""
    leaves = [Tensor(a, requires_grad=i not in constants) for i, a in enumerate(arrays)]
    nodes = graph(leaves, steps)
    seeds = None if upstreams is None else [None if g is None else Tensor(g) for g in upstreams]
    ends, starts = [nodes[i] for i in outputs], [nodes[i] for i in inputs]
    grads = autograd.grad(ends, starts, seeds, allow_unused=allow_unused)
    return {"grads": [plain(g) for g in grads], "left": [plain(x.grad) for x in leaves]}


def chain(array, step, depth):
    """Add a constant to x, `depth` times in a row."""
    gc.disable()  # it would walk the growing graph over and over, for nothing
    x, constant = Tensor(array, requires_grad=True), Tensor(step)
    node = x
    for _ in range(depth):
        node = node + constant
    autograd.backward(node)
    return {"value": node.data, "grad": x.grad.data}


def doubled(array, levels):
    """Double, again and again: 2 ** levels paths."""
    node = x = Tensor(array, requires_grad=True)
    for _ in range(levels):
        node = node + node
    autograd.backward(node)
    return {"value": node.data, "grad": x.grad.data}


def roles(array, other):
    """Which tensors hold a gradient afterwards: a leaf, a result, and a leaf that wants none."""
    x, constant = Tensor(array, requires_grad=True), Tensor(other)
    middle = Product()(x, constant)
    autograd.backward(Product()(middle, middle), Tensor(np.ones_like(array)))
    grads = {"leaf": x.grad, "middle": middle.grad, "constant": constant.grad}
    return {name: plain(g) for name, g in grads.items()} | {"recorded": x.grad.requires_grad}


class Weighted(Function):
    """x * w, where nothing flows back to w."""

    def forward(self, x, w):
        return x * w

    def backward(self, g):
        return Product()(g, self.inputs[1]), None


def nothing_flows(array, other):
    """Send gradients through a rule that answers None for an input: one used elsewhere, one not."""
    x, y, z = (Tensor(a, requires_grad=True) for a in (array, other, other))
    square = Product()(y, y)
    autograd.backward(square + Weighted()(Weighted()(x, square), z), Tensor(np.ones_like(array)))
    return [x.grad.data, y.grad.data, plain(z.grad)]


def shared_grads(array, upstream):
    """Write into one leaf's gradient; see what another leaf's, and the upstream, hold then."""
    x, y = Tensor(array, requires_grad=True), Tensor(array, requires_grad=True)
    g = Tensor(upstream)
    autograd.backward(x + y, g)
    x.grad[...] = 0.0
    return {"other": y.grad.data, "upstream": g.data}


def pass_twice(array, how, retain):
    """Go back through one graph twice; tell what the second pass raised and the leaf held."""
    x = Tensor(array, requires_grad=True)
    middle, seed = Product()(x, x), Tensor(np.ones_like(array))
    end = Product()(middle, x)
    if how == "grad":
        autograd.grad(end, x, seed, create_graph=retain)
        return {"error": told(lambda: autograd.grad(end, x, seed)), "grad": None}
    autograd.backward(end, seed, retain_graph=retain)
    other = middle if how == "another root" else end
    return {"error": told(lambda: autograd.backward(other, seed)), "grad": x.grad.data}


def write_between(array, other, how, where):
    """Change data in place between the call of a function and the way back."""
    x, y = Tensor(array, requires_grad=True), Tensor(other, requires_grad=True)
    product = Product()(x, y)
    end = product + product
    target = {"read": y, "unread": product}[where]
    if how == "item":
        target[0] = 7.0
    elif how == "augmented":
        target.data += 1.0
    elif how == "replaced":
        target.data = target.data * 2.0
    error = told(lambda: autograd.backward(end, Tensor(np.ones_like(array))))
    return {"error": error, "grad": plain(x.grad)}


class Trap(Function):
    """x, with a backward rule that fails."""

    def forward(self, x):
        return x

    def backward(self, g):
        raise RuntimeError("the engine came here, where no input was asked for")


def past_a_trap(array, other, changed):
    """Two branches, the second of which cannot be gone back through; ask about the first."""
    x, y, z = (Tensor(a, requires_grad=True) for a in (array, other, other))
    second = Product()(y, z) if changed else Trap()(y)
    end = Product()(x, x) + second
    z[0] = 7.0
    seed = Tensor(np.ones_like(array))
    (itself,) = autograd.grad(end, end, seed)
    (g,) = autograd.grad(end, x, seed)
    return {"itself": itself.data, "grad": g.data, "left": [plain(t.grad) for t in (x, y, z)]}


def derivatives(array, order):
    """Derivatives of x ** 4, each the gradient of the one before."""
    x = Tensor(array, requires_grad=True)
    square = Product()(x, x)
    node, found = Product()(square, square), []
    for _ in range(order):
        (node,) = autograd.grad(node, x, Tensor(np.ones_like(array)), create_graph=True)
        found.append(node.data)
    return found


def backward_of_backward(array):
    """Call backward with create_graph, and again on what it left in the leaf."""
    x = Tensor(array, requires_grad=True)
    autograd.backward(Product()(Product()(x, x), x), Tensor(np.ones_like(array)), create_graph=True)
    (second,) = autograd.grad(x.grad, x, Tensor(np.ones_like(array)))
    return {"first": x.grad.data, "second": second.data}


def steps_of_descent(array, steps, depth):
    """Many steps, each with a fresh graph of `depth` products; the last gradient."""
    x = Tensor(array, requires_grad=True)
    for _ in range(steps):
        x.grad, node = None, x
        for _ in range(depth):
            node = Product()(node, x)
        autograd.backward(node, Tensor(np.ones_like(array)))
        x.data -= 0.0 * x.grad.data
    return float(x.grad.data.sum())

"""Kahn's algorithm: a node is done when everyone who used it has reported."""

import numpy as np

from .core import Tensor, recording


def backward(root, grad=None, *, retain_graph=False, create_graph=False):
    uses, users = _explore([root := _wanting(root)])
    leaves = [x for x in uses if x.op is None]
    found = _flow({root: _seed(root, grad)}, uses, users, leaves, create_graph, retain_graph)
    with recording(create_graph):
        for leaf, g in found.items():
            leaf.grad = g + (leaf.grad if leaf.grad is not None else 0.0)


def grad(outputs, inputs, grad_outputs=None, create_graph=False, allow_unused=False):
    outputs, inputs = _many(outputs), _many(inputs)
    given = [None] * len(outputs) if grad_outputs is None else _many(grad_outputs)
    if len(given) != len(outputs):
        raise ValueError("one upstream gradient for each output")
    for x in (*outputs, *inputs):
        _wanting(x)
    seeds = {}
    for output, g in zip(outputs, given):
        g = _seed(output, g)
        seeds[output] = seeds[output] + g if output in seeds else g
    uses, users = _explore(outputs)
    found = _flow(seeds, uses, users, inputs, create_graph, False)
    if not allow_unused and any(x not in found for x in inputs):
        raise RuntimeError("an input is unused")
    return tuple(found.get(x) for x in inputs)


def _many(x):
    return [x] if isinstance(x, Tensor) else list(x)


def _wanting(x):
    if not x.requires_grad:
        raise RuntimeError("requires no gradient")
    return x


def _seed(output, g):
    if g is None:
        if output.size != 1:
            raise ValueError("an upstream gradient is needed")
        return Tensor(np.ones_like(output.data))
    if g.shape != output.shape:
        raise ValueError("shape of the upstream gradient")
    if g.dtype != output.dtype:
        raise TypeError("dtype of the upstream gradient")
    return g


def _explore(roots):
    """Return how often each tensor is used, and by whom, in what `roots` depend on."""
    uses = dict.fromkeys(roots, 0)
    users = {}
    todo = list(uses)
    while todo:
        node = todo.pop()
        if node.op and node.op.released:
            raise RuntimeError("the graph was freed")
        for x in node.inputs:
            if x.requires_grad:
                if x not in uses:
                    uses[x] = 0
                    todo.append(x)
                uses[x] += 1
                users.setdefault(x, []).append(node)
    return uses, users


def _above(targets, users):
    """Return the targets and all that depends on them."""
    useful, todo = set(targets), list(targets)
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in useful:
                useful.add(user)
                todo.append(user)
    return useful


def _flow(flowing, uses, users, targets, create_graph, retain_graph):
    useful, targets, found = _above(targets, users), set(targets), {}
    ready = [x for x, count in uses.items() if not count]
    with recording(create_graph):
        while ready:
            node = ready.pop()
            g, inputs, op = flowing.pop(node, None), node.inputs, node.op
            if g is not None and node in targets:
                found[node] = g
            if g is not None and not useful.isdisjoint(inputs):
                if op.reads_inputs and op.versions != tuple(x.version for x in inputs):
                    raise RuntimeError("data was changed in place")
                for x, part in zip(inputs, op.backward(g)):
                    if part is not None and x in useful:
                        flowing[x] = flowing[x] + part if x in flowing else part
                if not (create_graph or retain_graph):
                    op.release()
            for x in inputs:
                if x.requires_grad:
                    uses[x] -= 1
                    if not uses[x]:
                        ready.append(x)
    return found

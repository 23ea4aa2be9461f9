"""What the tests of the bonus exercises call: checkpoints, and programs for the vector machine."""

from functools import partial

import autograd
import numpy as np
from autograd import Function, Tensor
from probes_engine import Product

from labkit.vector import Graph, Node, to_plain

__all__ = [
    "checkpointed",
    "checkpointed_twice",
    "checkpoints_in_a_row",
    "checkpoints_within",
    "compiled",
    "unrecorded",
]


class Wave(Function):
    """The sine, shifted by quarters of a turn: its derivative is the next one."""

    def __init__(self, quarters=0):
        super().__init__()
        self.quarters = quarters

    def forward(self, x):
        return np.sin(x + self.quarters * np.pi / 2).astype(x.dtype)

    def backward(self, g):
        return (Product()(g, Wave(self.quarters + 1)(*self.inputs)),)


def dropped(rng, x):
    """Drop half of x, as Dropout does."""
    return Product()(x, Tensor((2.0 * (rng.random(x.shape) >= 0.5)).astype(x.dtype)))


STEPS = {
    "plus": lambda rng, a, b: a + b,
    "times": lambda rng, a, b: Product()(a, b),
    "wave": lambda rng, x: Wave()(x),
    "drop": dropped,
    "constant": lambda rng, x: x.detach(),
}


def followed(steps, found, rng, *arguments):
    """Do what `steps` say, each [op, *nodes]; nodes count `found`, arguments and earlier steps.

    ["checkpoint", nodes, inner] does the inner steps, with these nodes as arguments.
    """
    nodes = [*found, *arguments]
    for op, *given in steps:
        if op == "checkpoint":
            fn = partial(followed, given[1], found, rng)
            nodes.append(autograd.checkpoint(fn, *[nodes[i] for i in given[0]], rng=rng))
        else:
            nodes.append(STEPS[op](rng, *[nodes[i] for i in given]))
    return nodes[-1]


def prepared(arrays, needs, seed):
    """Make leaves, some of which need gradients, and a generator if there is a seed."""
    leaves = [Tensor(a, requires_grad=need) for a, need in zip(arrays, needs, strict=True)]
    return leaves, None if seed is None else np.random.default_rng(seed)


def draw(rng):
    return None if rng is None else rng.random()


def checkpointed(arrays, needs, found, steps, upstream, seed=None, passes=0):
    """Follow steps that find the first `found` arrays by themselves; send a gradient back.

    By grad, or so many times by backward. Draw a number on the way, and one at the end.
    """
    leaves, rng = prepared(arrays, needs, seed)
    y = followed(steps, leaves[:found], rng, *leaves[found:])
    first, wanted = draw(rng), [x for x in leaves if x.requires_grad]
    for _ in range(passes):
        autograd.backward(y, Tensor(upstream), retain_graph=True)
    grads = [x.grad for x in wanted] if passes else autograd.grad(y, wanted, Tensor(upstream))
    draws = [first, draw(rng)]
    return {"value": y.data, "grads": [g.data for g in grads], "draws": draws}


def checkpointed_twice(arrays, found, steps, upstream, directions, seed=None):
    """Differentiate the gradients, weighted by directions, by the arrays and by the upstream."""
    leaves, rng = prepared(arrays, [True] * len(arrays), seed)
    g = Tensor(upstream, requires_grad=True)
    y = followed(steps, leaves[:found], rng, *leaves[found:])
    first = autograd.grad(y, leaves, g, create_graph=True)
    second = autograd.grad(first, [*leaves, g], [Tensor(v) for v in directions])
    return {"first": [x.data for x in first], "second": [x.data for x in second]}


def unrecorded(arrays, needs, found, steps, recorded, seed=None):
    """Follow steps, with recording on or off; tell whether the result requires gradients."""
    leaves, rng = prepared(arrays, needs, seed)
    with autograd.recording(recorded):
        y = followed(steps, leaves[:found], rng, *leaves[found:])
    return {"value": y.data, "requires_grad": y.requires_grad, "draw": draw(rng)}


def checkpoints_in_a_row(array, weight, length, count):
    """Multiply by a weight again and again, in `count` checkpoints of `length` products each."""
    x, w = Tensor(array, requires_grad=True), Tensor(weight, requires_grad=True)
    steps = [["times", 0, 1 + i] for i in range(length)]
    node = x
    for _ in range(count):
        node = autograd.checkpoint(partial(followed, steps, [w], None), node)
    autograd.backward(node, Tensor(np.ones_like(array)))
    return [float(a.sum()) for a in (node.data, x.grad.data, w.grad.data)]


def checkpoints_within(array, depth):
    """Take the sine, in a checkpoint in a checkpoint in a checkpoint, `depth` of them."""
    x, fn = Tensor(array, requires_grad=True), partial(STEPS["wave"], None)
    for _ in range(depth):
        fn = partial(autograd.checkpoint, fn)
    y = fn(x)
    autograd.backward(y, Tensor(np.ones_like(array)))
    return {"value": y.data, "grad": x.grad.data}


def compiled(nodes, outputs):
    """Compile a graph; hand the program back as plain data."""
    graph = Graph(tuple(Node(op, tuple(args)) for op, args in nodes), tuple(outputs))
    return to_plain(autograd.compile(graph))

"""What the tests call: each function runs your code once, and hands plain values back."""

import gc

import autograd
import numpy as np
from autograd import Function, Tensor


def vjp(op, arrays, upstream, options, layout="plain"):
    """Call a function of yours, and its backward rule with an upstream gradient."""
    leaves = [Tensor(arranged(a, layout), requires_grad=True) for a in arrays]
    g = Tensor(upstream)
    out = applied(op, leaves, options)
    return {
        "value": out.data,
        "grads": pulled(out, leaves, g),
        "inputs": [x.data for x in leaves],
        "upstream": g.data,
    }


def many(probe, cases):
    """Call another of these functions with one case after the other."""
    return [globals()[probe](*case) for case in cases]


def split_vjp(array, sizes, axis, upstreams):
    """Split; the gradient is what all parts send back together."""
    x = Tensor(array, requires_grad=True)
    parts = autograd.split(x, sizes, axis)
    pulls = [pulled(p, [x], Tensor(g))[0] for p, g in zip(parts, upstreams, strict=True)]
    return {"values": [p.data for p in parts], "grad": sum(pulls)}


def second_order(op, arrays, upstream, options, directions):
    """Differentiate the gradients, weighted by directions, by the inputs and by the upstream."""
    leaves = [Tensor(a, requires_grad=True) for a in arrays]
    g = Tensor(upstream, requires_grad=True)
    out = applied(op, leaves, options)
    first = autograd.grad(out, leaves, g, create_graph=True)
    along = [Tensor(v) for v in directions]
    second = autograd.grad(first, [*leaves, g], along, allow_unused=True)
    return {"first": [x.data for x in first], "second": [plain(x) for x in second]}


def vjp_again_and_again(times, op, arrays, upstream):
    """As `vjp`, so often that its cost stands out, of new arrays each time; the last answer."""
    for step in range(1, times + 1):
        seen = vjp(op, [array + step for array in arrays], upstream, {})
    return seen


def same_tensor_twice(array, upstream, direction):
    """First and second derivative of x * x."""
    x = Tensor(array, requires_grad=True)
    (first,) = autograd.grad(autograd.mul(x, x), x, Tensor(upstream), create_graph=True)
    (second,) = autograd.grad(first, x, Tensor(direction))
    return [first.data, second.data]


def applied(op, leaves, options):
    """Call the function named `op`; options come as plain data."""
    options = {name: tupled(value) for name, value in options.items()}
    if op == "where":
        return autograd.where(options["condition"], *leaves)
    if op == "getitem":
        return autograd.getitem(*leaves, decoded(options["index"]))
    if op == "concat":
        return autograd.concat(leaves, **options)
    return getattr(autograd, op)(*leaves, **options)


def pulled(out, leaves, g):
    """Send `g` back: by the function's own rule, or by your engine where you composed several."""
    if len(leaves) == 1 and out is leaves[0]:  # no function was needed
        return [plain(g)]
    if out.inputs == tuple(leaves):
        return [plain(x) for x in out.op.backward(g)]
    return [plain(x) for x in autograd.grad(out, leaves, g, allow_unused=True)]


def plain(x):
    return None if x is None else x.data


def tupled(value):
    return tuple(tupled(v) for v in value) if isinstance(value, list) else value


def decoded(index):
    """Make an index from plain data: "..." is the ellipsis, {"slice": [a, b, c]} a slice."""
    if isinstance(index, tuple):
        return tuple(decoded(part) for part in index)
    if isinstance(index, dict):
        return slice(*index["slice"])
    return ... if isinstance(index, str) else index


def arranged(array, layout):
    """Return the same values in another order in memory."""
    if layout == "permuted":
        return array.T.copy().T
    if layout == "negative":
        back = (slice(None, None, -1),) * array.ndim
        return array[back].copy()[back]
    return array


def getitem_gradient(array, index, upstream):
    """Look up, and send back."""
    return vjp("getitem", [array], upstream, {"index": index})["grads"][0]


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


def run_grad(arrays, steps, outputs, inputs, upstreams, allow_unused=False):
    """Call grad from some nodes to some nodes; also return what it left in the leaves."""
    leaves = [Tensor(a, requires_grad=True) for a in arrays]
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
    """Send gradients through a rule that answers None for an input that is used elsewhere."""
    x, y = Tensor(array, requires_grad=True), Tensor(other, requires_grad=True)
    square = Product()(y, y)
    autograd.backward(square + Weighted()(x, square), Tensor(np.ones_like(array)))
    return [x.grad.data, y.grad.data]


def shared_grads(array, upstream):
    """Write into one leaf's gradient; see what another leaf's, and the upstream, hold then."""
    x, y = Tensor(array, requires_grad=True), Tensor(array, requires_grad=True)
    g = Tensor(upstream)
    autograd.backward(x + y, g)
    x.grad[...] = 0.0
    return {"other": y.grad.data, "upstream": g.data}


def told(call):
    """Return the name of the exception that `call` raises, or None."""
    try:
        call()
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return None


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

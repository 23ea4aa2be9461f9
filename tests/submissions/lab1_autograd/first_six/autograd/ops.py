"""Every function is a pair of lambdas: one on arrays, one that pulls a gradient back."""

from itertools import accumulate, pairwise

import numpy as np

from .core import Function, Tensor


class Op(Function):
    def __init__(self, forward, pull, reads=True):
        self.forward, self.pull, self.reads_inputs = forward, pull, reads

    def backward(self, g):
        parts = self.pull(g, *self.inputs)
        return tuple(unbroadcast(p, x.shape) for p, x in zip(parts, self.inputs))


def tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)


# 1.1
def broadcast_to(x, shape):
    return Op(lambda a: np.broadcast_to(a, shape), lambda g, x: (g,), False)(x)


def unbroadcast(g, shape):
    shape = tuple(shape)
    if shape == g.shape:
        return g
    if np.broadcast_shapes(shape, g.shape) != g.shape:
        raise ValueError("does not broadcast")
    padded = (1,) * (g.ndim - len(shape)) + shape
    axes = tuple(i for i, n in enumerate(padded) if n == 1)
    add_up = lambda a: a.sum(axis=axes, keepdims=True).reshape(shape)
    return Op(add_up, lambda h, x: (broadcast_to(h, x.shape),), False)(g)


# 1.2
def add(a, b):
    return Op(np.add, lambda g, a, b: (g, g), False)(a, b)


def sub(a, b):
    return Op(np.subtract, lambda g, a, b: (g, neg(g)), False)(a, b)


def neg(x):
    return Op(np.negative, lambda g, x: (neg(g),), False)(x)


def mul(a, b):
    return Op(np.multiply, lambda g, a, b: (g * b, g * a))(a, b)


def div(a, b):
    return Op(np.divide, lambda g, a, b: (g / b, neg(g * a / (b * b))))(a, b)


def pow(x, n):
    pull = lambda g, x: (g * (n * pow(x, n - 1)) if n else g * 0.0,)
    return Op(lambda a: a**n, pull)(x)


def powt(a, b):
    return Op(
        np.power, lambda g, a, b: (g * b * powt(a, b - 1.0), g * log(a) * powt(a, b))
    )(a, b)


def exp(x):
    return Op(np.exp, lambda g, x: (g * exp(x),))(x)


def log(x):
    return Op(np.log, lambda g, x: (g / x,))(x)


def tanh(x):
    return Op(np.tanh, lambda g, x: (g * (1.0 - pow(tanh(x), 2)),))(x)


def sqrt(x):
    return Op(np.sqrt, lambda g, x: (g / (2.0 * sqrt(x)),))(x)


def where(condition, a, b):
    c = np.asarray(condition, bool)
    return Op(
        lambda a, b: np.where(c, a, b), lambda g, a, b: (where(c, g, 0.0), where(c, 0.0, g)), False
    )(a, b)


def relu(x):
    x = tensor(x)
    return where(x.data > 0, x, 0.0)


def maximum(a, b):
    left, right = (x.data if isinstance(x, Tensor) else np.asarray(x) for x in (a, b))
    share = 0.5 * (1.0 + np.sign(left - right))
    return Op(np.maximum, lambda g, a, b: (g * share, g * (1.0 - share)), False)(a, b)


# 1.3
def reshape(x, shape):
    return Op(lambda a: a.reshape(tuple(shape)), lambda g, x: (reshape(g, x.shape),), False)(x)


def permute(x, axes):
    home = [0] * len(axes)
    for place, axis in enumerate(axes):
        home[axis] = place
    return Op(lambda a: a.transpose(tuple(axes)), lambda g, x: (permute(g, home),), False)(x)


def getitem(x, index):
    return Op(lambda a: a[index], lambda g, x: (scatter(g, index, x.shape),), False)(x)


def scatter(x, index, shape):
    def forward(a):
        out = np.zeros(shape, a.dtype)
        np.add.at(out, index, a)
        return out

    return Op(forward, lambda g, x: (getitem(g, index),), False)(x)


def concat(xs, axis=0):
    sizes = [x.shape[axis] if x.ndim else 0 for x in xs]
    return Op(lambda *a: np.concatenate(a, axis), lambda g, *xs: split(g, sizes, axis), False)(*xs)


def split(x, sizes, axis=0):
    cuts = [0, *accumulate(sizes)]
    if cuts[-1] != x.shape[axis]:
        raise ValueError("sizes do not add up")
    front = (slice(None),) * (axis % x.ndim)
    return tuple(getitem(x, (*front, slice(a, b))) for a, b in pairwise(cuts))


def pad(x, widths):
    if len(widths) != x.ndim:
        raise ValueError("one pair for each axis")
    inner = tuple(slice(a, a + n) for (a, _), n in zip(widths, x.shape))
    forward = lambda a: np.pad(a, [tuple(w) for w in widths]) if a.ndim else a
    return Op(forward, lambda g, x: (getitem(g, inner),), False)(x)


# 1.4
def _kept(x, axis):
    return np.empty(x.shape, "?").any(axis if axis is None else _axes(axis), keepdims=True).shape


def _axes(axis):
    return tuple(axis) if isinstance(axis, (tuple, list)) else axis


def _reduction(forward, weigh, x, axis, reads):
    kept = _kept(x, axis)

    def pull(g, x):
        return (weigh(broadcast_to(reshape(g, kept), x.shape), x),)

    return Op(forward, pull, reads)(x)


def sum(x, axis=None, keepdims=False):
    axis = _axes(axis)
    return _reduction(lambda a: a.sum(axis, keepdims=keepdims), lambda g, x: g, x, axis, False)


def mean(x, axis=None, keepdims=False):
    total = sum(x, axis, keepdims)
    return total / (x.size / total.size if total.size else 1.0)


def max(x, axis=None, keepdims=False):
    axis = _axes(axis)
    hit = x.data == x.data.max(axis, keepdims=True)
    share = hit / hit.sum(axis, keepdims=True)
    return _reduction(
        lambda a: a.max(axis, keepdims=keepdims), lambda g, x: g * share, x, axis, False
    )


def logsumexp(x, axis=None, keepdims=False):
    axis = _axes(axis)

    def forward(a):
        top = a.max(axis, keepdims=True)
        top = np.where(np.isneginf(top), 0, top)
        with np.errstate(divide="ignore"):
            out = np.log(np.exp(a - top).sum(axis, keepdims=True)) + top
        return out if keepdims else out.reshape(a.sum(axis).shape)

    def weigh(g, x):
        total = logsumexp(x, axis, True)
        return g * exp(x - where(np.isneginf(total.data), 0.0, total))

    return _reduction(forward, weigh, x, axis, True)


# 1.5
def _product(a, b):
    def swapped(x):
        return permute(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))

    return Op(np.matmul, lambda g, a, b: (_product(g, swapped(b)), _product(swapped(a), g)))(a, b)


def matmul(a, b):
    a, b = tensor(a), tensor(b)
    if not (a.ndim and b.ndim):
        raise ValueError("a matrix product needs axes")
    row, column = a.ndim == 1, b.ndim == 1
    a = reshape(a, (1, *a.shape)) if row else a
    b = reshape(b, (*b.shape, 1)) if column else b
    out = _product(a, b)
    *batch, n, m = out.shape
    return reshape(out, (*batch, *([] if row else [n]), *([] if column else [m])))

"""Every function is a pair of lambdas: one on arrays, one that pulls a gradient back."""

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
    mask = tensor(x).data > 0
    return Op(lambda a: np.maximum(a, 0), lambda g, x: (where(mask, g, 0.0),), False)(x)


def maximum(a, b):
    left, right = (x.data if isinstance(x, Tensor) else np.asarray(x) for x in (a, b))
    share = 0.5 * (1.0 + np.sign(left - right))
    return Op(np.maximum, lambda g, a, b: (g * share, g * (1.0 - share)), False)(a, b)


# 1.3 to 1.5: not yet
def todo(*args, **options):
    raise NotImplementedError


reshape = permute = getitem = concat = split = pad = todo
sum = mean = max = logsumexp = matmul = todo

"""What the tests of exercises 1.7 and 1.8 call: derivatives of functions, and your checker."""

from functools import partial

import autograd
import numpy as np
import probes
from autograd import Function, Tensor

__all__ = [
    "checked",
    "gradient_of_jacobian",
    "hessian_of",
    "hvp_of",
    "hvp_told",
    "jacobian_of",
]


class Mapped(Function):
    """A linear map: an array of shape (*out, *in), and x of shape in."""

    reads_inputs = False

    def __init__(self, array):
        super().__init__()
        self.array = array

    def forward(self, x):
        return np.asarray(np.tensordot(self.array, x, x.ndim))

    def backward(self, g):
        axes = range(self.inputs[0].ndim)
        return (Mapped(np.moveaxis(self.array, [i - len(axes) for i in axes], axes))(g),)


class Slow(Function):
    """x, after that many sines."""

    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, x):
        return x + 0.0 * np.sin(np.arange(self.count))[0]

    def backward(self, g):
        return (g,)


def times(a, b):
    return probes.Product()(a, b)


def softmax_cross_entropy(x, w):
    """The sum over rows, for targets given as rows of 0 and 1."""
    return autograd.sum(autograd.logsumexp(x, -1) - autograd.sum(x * w, -1))


def norm_and_matmul(x, w):
    """The sum of the cubes of a normalised x, times w; every step a function of yours."""
    centred = x - autograd.mean(x, -1, keepdims=True)
    variance = autograd.mean(centred * centred, -1, keepdims=True)
    y = (centred / autograd.sqrt(variance + 0.1)) @ w
    return autograd.sum(y * y * y)


def quartic(x, w):
    """The sum of x ** 4, plus the square of the inner product of x and w."""
    square, inner = times(x, x), Mapped(w.data)(x)
    return Mapped(np.ones_like(w.data))(times(square, square)) + times(inner, inner)


FUNCTIONS = {
    "itself": lambda x, w: x,
    "constant": lambda x, w: Tensor(w.data),
    "another": lambda x, w: times(w, w),
    "product": lambda x, w: times(x, w),
    "cubes": lambda x, w: times(times(x, x), x),
    "map": lambda x, w: Mapped(w.data)(x),
    "map of squares": lambda x, w: Mapped(w.data)(times(x, x)),
    "map of cubes": lambda x, w: Mapped(w.data)(times(times(x, x), x)),
    "tanh of map": lambda x, w: autograd.tanh(Mapped(w.data)(x)),
    "slow": lambda x, w: Slow(float(w.data))(x),
    "quartic": quartic,
    "softmax cross-entropy": softmax_cross_entropy,
    "norm and matmul": norm_and_matmul,
}


def placed(name, x, array, role):
    """Return the function called `name` of x, and leaves for x and for its other array."""
    w = Tensor(array, requires_grad=True)
    return partial(FUNCTIONS[name], w=w), Tensor(x, requires_grad=role != "constant"), w


def outcome(found, x, w):
    """What came out, and what it did to the leaves."""
    left = [probes.plain(leaf.grad) for leaf in (x, w)]
    return {"value": found.data, "recorded": found.requires_grad, "x": x.data, "left": left}


def jacobian_of(name, x, array, order=1, role="leaf"):
    """The Jacobian of a function, or the Jacobian of that, and so on."""
    f, x, w = placed(name, x, array, role)
    for _ in range(order - 1):
        f = partial(autograd.jacobian, f)
    with autograd.recording(role != "unrecorded"):
        return outcome(autograd.jacobian(f, x), x, w)


def gradient_of_jacobian(name, z, array, upstream):
    """The Jacobian at x = z * z, and the gradient by z of its sum, weighted by `upstream`."""
    f, z, _ = placed(name, z, array, "leaf")
    found = autograd.jacobian(f, times(z, z))
    (g,) = autograd.grad(found, z, Tensor(upstream))
    return {"value": found.data, "grad": g.data}


def hessian_of(name, x, array):
    """The Jacobian of the gradient of a function of one element."""
    f, x, w = placed(name, x, array, "leaf")
    return outcome(autograd.jacobian(lambda x: slope(f, x), x), x, w)


def slope(f, x):
    (g,) = autograd.grad(f(x), x, create_graph=True)
    return g


def hvp_of(name, x, array, v, role="leaf"):
    """The Hessian of a function of one element, times v."""
    f, x, w = placed(name, x, array, role)
    if role == "result":
        x = x + Tensor(np.zeros_like(x.data))
    with autograd.recording(role != "unrecorded"):
        return outcome(autograd.hvp(f, x, Tensor(v)), x, w)


def hvp_told(name, x, array, v):
    """The name of the exception that `hvp` raises."""
    return probes.told(lambda: hvp_of(name, x, array, v))


def checked(source, arrays, options, role="leaf"):
    """Make a function f of its source text, and have your checker look at it."""
    scope = {"Function": Function, "Tensor": Tensor, "np": np, "autograd": autograd}
    exec(source, scope)
    inputs = [Tensor(a, requires_grad=role != "constant") for a in arrays]
    report = autograd.gradcheck(scope["f"], inputs, **options)
    return {
        "ok": report.ok,
        "problems": list(report.problems),
        "inputs": [x.data for x in inputs],
        "left": [probes.plain(x.grad) for x in inputs],
    }

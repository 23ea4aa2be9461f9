"""Exercise 1.4, hidden."""

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise

AXES = [None, 0, 1, 2, -1, -2, -3, [0, 1], [2, 0], [-1, 0], [1, -1], [0, 1, 2], [-1, -3, 1], []]


def tupled(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def spread(g, x, axis, keepdims):
    """Return `g`, of a result's shape, repeated to the shape of `x`."""
    if not keepdims:
        g = np.reshape(g, np.sum(x, axis=tupled(axis), keepdims=True).shape)
    return np.broadcast_to(g, x.shape)


def softmax(x, axis):
    shifted = np.exp(x - x.max(axis=tupled(axis), keepdims=True))
    return shifted / shifted.sum(axis=tupled(axis), keepdims=True)


def logsumexp(x, axis, keepdims=False):
    top = x.max(axis=tupled(axis), keepdims=True)
    out = np.log(np.exp(x - top).sum(axis=tupled(axis), keepdims=True)) + top
    return out if keepdims else np.squeeze(out, axis=tupled(axis))


def answers_for(student, rng, name, x, settings, layout="permuted"):
    """Yield (answer, upstream gradient spread over x, axis, keepdims) for each setting."""
    settings = [(axis, keepdims) for axis, keepdims in settings]
    gs = [
        rng.normal(size=np.sum(x, axis=tupled(a), keepdims=k).shape).astype(x.dtype)
        for a, k in settings
    ]
    cases = [
        [name, [x], g, {"axis": a, "keepdims": k}, layout]
        for (a, k), g in zip(settings, gs, strict=True)
    ]
    for got, (a, k), g in zip(student.run("many", "vjp", cases), settings, gs, strict=True):
        assert_equal([got["inputs"][0], got["upstream"]], [x, g])
        yield got, spread(g, x, a, k), a, k


@exercise("reductions", points=1.5, hint="Negative axes, any order of axes, and the empty tuple.")
def test_sum_and_mean_over_any_axes(student, rng):
    """The sum and the mean over every choice of axes, also with keepdims; sums of nothing."""
    every = [(axis, keepdims) for axis in AXES for keepdims in (False, True)]
    x = rng.normal(size=(2, 3, 5))
    for got, g, axis, keepdims in answers_for(student, rng, "sum", x, every):
        want = np.asarray(x.sum(tupled(axis), keepdims=keepdims))
        assert_close(got["value"], want, rtol=1e-9, atol=1e-12)
        assert_close(got["grads"][0], g)
    for got, g, axis, keepdims in answers_for(student, rng, "mean", x, every, "negative"):
        want = np.asarray(x.mean(tupled(axis), keepdims=keepdims))
        assert_close(got["value"], want, rtol=1e-9, atol=1e-12)
        assert_close(got["grads"][0], g * want.size / x.size, rtol=1e-9)
    for shape, axis in (((0, 3), 0), ((3, 0), 0), ((), None)):
        x = rng.normal(size=shape)
        for got, g, *_ in answers_for(student, rng, "sum", x, [(axis, False), (axis, True)]):
            assert_close(got["grads"][0], g)


@exercise("reductions", points=1, hint="k equal largest share the gradient: 1/k each.")
def test_max_over_any_axes_with_ties(student, rng):
    """The maximum over every choice of axes, where several elements are the largest."""
    every = [(axis, keepdims) for axis in AXES for keepdims in (False, True)]
    x = rng.integers(0, 3, size=(2, 3, 5)).astype(float)
    for got, g, axis, keepdims in answers_for(student, rng, "max", x, every):
        assert_equal(got["value"], np.asarray(x.max(tupled(axis), keepdims=keepdims)))
        hit = x == x.max(tupled(axis), keepdims=True)
        share = hit / hit.sum(tupled(axis), keepdims=True)
        assert_close(got["grads"][0], g * share, rtol=1e-9)


@exercise("reductions", points=1.5, hint="Shift by the largest element; what if that is -inf?")
def test_logsumexp_at_the_extremes(student, rng):
    """Elements around ±10⁴, rows with some and with nothing but -inf."""
    every = [(axis, keepdims) for axis in AXES for keepdims in (False, True)]
    x = rng.normal(size=(2, 3, 5)) * rng.choice([1.0, 1e4], size=(2, 3, 1))
    x[0, 0, 1] = -np.inf
    for got, g, axis, keepdims in answers_for(student, rng, "logsumexp", x, every[:-2]):
        assert_close(got["value"], np.asarray(logsumexp(x, axis, keepdims)), rtol=1e-9)
        assert_close(got["grads"][0], g * softmax(x, axis), rtol=1e-9, atol=1e-12)
    x = rng.normal(size=(4, 5)) + np.array([[1e4], [-1e4], [0.0], [0.0]])
    x[2] = -np.inf
    live = [0, 1, 3]
    settings = [(1, False), (-1, True)]
    for got, g, _, keepdims in answers_for(student, rng, "logsumexp", x, settings):
        value, grad = np.full(4, -np.inf), np.zeros((4, 5))
        value[live] = logsumexp(x[live], 1)
        grad[live] = g[live] * softmax(x[live], 1)
        assert_close(got["value"], value[:, None] if keepdims else value, rtol=1e-9)
        assert_close(got["grads"][0], grad, rtol=1e-9, atol=1e-12)


@exercise("reductions", points=0.5, hint="Watch for constants that turn float32 into float64.")
def test_reductions_keep_float32(student, rng):
    """float32 in, float32 out: values and gradients of the four reductions."""
    x = rng.normal(size=(7, 13)).astype(np.float32)
    wide = x.astype(float)
    plan = {
        "sum": (wide.sum(1), np.ones_like(wide)),
        "mean": (wide.mean(1), np.full_like(wide, 1 / 13)),
        "max": (wide.max(1), wide == wide.max(1, keepdims=True)),
        "logsumexp": (logsumexp(wide, 1), softmax(wide, 1)),
    }
    for name, (value, share) in plan.items():
        for got, g, *_ in answers_for(student, rng, name, x, [(1, False)]):
            assert_close(got["value"], value, rtol=1e-5, atol=1e-5, dtype=np.float32)
            assert_close(got["grads"][0], g * share, rtol=1e-5, atol=1e-6, dtype=np.float32)


@exercise("reductions", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_reduction_gradients_are_differentiable(student, rng):
    """Second derivatives by way of your engine, also where a row is -inf."""
    x, g, v = rng.normal(size=(3, 5)), rng.normal(size=3), rng.normal(size=(3, 5))
    first = x == x.max(1, keepdims=True)
    plan = {"sum": v.sum(1), "mean": v.mean(1), "max": (v * first).sum(1)}
    cases = [[name, [x], g, {"axis": [-1]}, [v]] for name in plan]
    for got, want in zip(student.run("many", "second_order", cases), plan.values(), strict=True):
        assert_close(got["second"][1], want, rtol=1e-9, atol=1e-12)
    x[1] = -np.inf
    p = np.zeros_like(x)
    p[[0, 2]] = softmax(x[[0, 2]], 1)
    along = (p * v).sum(1)
    got = student.run("second_order", "logsumexp", [x], g, {"axis": 1}, [v])
    assert_close(got["second"][1], along, rtol=1e-9, atol=1e-12)
    assert_close(got["second"][0], g[:, None] * p * (v - along[:, None]), rtol=1e-9, atol=1e-12)

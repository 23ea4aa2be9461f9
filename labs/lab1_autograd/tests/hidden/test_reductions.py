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


def answers_for(student, rng, plan, layout="permuted"):
    """Yield (answer, upstream gradient spread over x, case) for each (name, x, axis, keepdims)."""
    shapes = [np.sum(x, axis=tupled(a), keepdims=k).shape for _, x, a, k in plan]
    gs = [rng.normal(size=s).astype(x.dtype) for s, (_, x, *_) in zip(shapes, plan, strict=True)]
    cases = [
        [name, [x], g, {"axis": a, "keepdims": k}, layout]
        for (name, x, a, k), g in zip(plan, gs, strict=True)
    ]
    for got, (name, x, a, k), g in zip(student.run("many", "vjp", cases), plan, gs, strict=True):
        assert_equal([got["inputs"][0], got["upstream"]], [x, g])
        yield got, spread(g, x, a, k), (name, x, a, k)


def everywhere(name, x):
    """Return the cases of one function for every choice of axes, with and without keepdims."""
    return [(name, x, axis, keepdims) for axis in AXES for keepdims in (False, True)]


@exercise("reductions", points=1.5, hint="Negative axes, any order of axes, and the empty tuple.")
def test_sum_and_mean_over_any_axes(student, rng):
    """The sum and the mean over every choice of axes, also with keepdims; sums of nothing."""
    x = rng.normal(size=(2, 3, 5))
    plan = everywhere("sum", x)
    for shape, axis in (((0, 3), 0), ((3, 0), 0), ((), None)):
        small = np.asarray(rng.normal(size=shape))
        plan += [("sum", small, axis, False), ("sum", small, axis, True)]
    for got, g, (_, x, axis, keepdims) in answers_for(student, rng, plan):
        want = np.asarray(x.sum(tupled(axis), keepdims=keepdims))
        assert_close(got["value"], want, rtol=1e-9, atol=1e-12)
        assert_close(got["grads"][0], g)
    plan = [*everywhere("mean", rng.normal(size=(2, 3, 5))), ("mean", np.ones((0, 3)), 1, False)]
    for got, g, (_, x, axis, keepdims) in answers_for(student, rng, plan, "negative"):
        want = np.asarray(x.mean(tupled(axis), keepdims=keepdims))
        assert_close(got["value"], want, rtol=1e-9, atol=1e-12)
        assert_close(got["grads"][0], g * want.size / max(x.size, 1), rtol=1e-9)


@exercise("reductions", points=1, hint="k equal largest share the gradient: 1/k each.")
def test_max_over_any_axes_with_ties(student, rng):
    """The maximum over every choice of axes, where several elements are the largest."""
    x = rng.integers(0, 3, size=(2, 3, 5)).astype(float)
    for got, g, (_, _, axis, keepdims) in answers_for(student, rng, everywhere("max", x)):
        assert_equal(got["value"], np.asarray(x.max(tupled(axis), keepdims=keepdims)))
        hit = x == x.max(tupled(axis), keepdims=True)
        share = hit / hit.sum(tupled(axis), keepdims=True)
        assert_close(got["grads"][0], g * share, rtol=1e-9)


@exercise("reductions", points=1.5, hint="Shift by the largest element; what if that is -inf?")
def test_logsumexp_at_the_extremes(student, rng):
    """Elements around ±10⁴, rows with some and with nothing but -inf."""
    x = rng.normal(size=(2, 3, 5)) * rng.choice([1.0, 1e4], size=(2, 3, 1))
    x[0, 0, 1] = -np.inf
    rows = rng.normal(size=(4, 5)) + np.array([[1e4], [-1e4], [0.0], [0.0]])
    rows[2] = -np.inf
    live = [0, 1, 3]
    plan = everywhere("logsumexp", x)[:-2]
    plan += [("logsumexp", rows, 1, False), ("logsumexp", rows, -1, True)]
    answers = list(answers_for(student, rng, plan))
    for got, g, (_, _, axis, keepdims) in answers[:-2]:
        assert_close(got["value"], np.asarray(logsumexp(x, axis, keepdims)), rtol=1e-9)
        assert_close(got["grads"][0], g * softmax(x, axis), rtol=1e-9, atol=1e-12)
    for got, g, (*_, keepdims) in answers[-2:]:
        value, grad = np.full(4, -np.inf), np.zeros((4, 5))
        value[live] = logsumexp(rows[live], 1)
        grad[live] = g[live] * softmax(rows[live], 1)
        assert_close(got["value"], value[:, None] if keepdims else value, rtol=1e-9)
        assert_close(got["grads"][0], grad, rtol=1e-9, atol=1e-12)


@exercise("reductions", points=0.5, hint="Watch for constants that turn float32 into float64.")
def test_reductions_keep_float32(student, rng):
    """float32 in, float32 out: values and gradients of the four reductions."""
    x = rng.normal(size=(7, 13)).astype(np.float32)
    wide = x.astype(float)
    exact = {
        "sum": (wide.sum(1), np.ones_like(wide)),
        "mean": (wide.mean(1), np.full_like(wide, 1 / 13)),
        "max": (wide.max(1), wide == wide.max(1, keepdims=True)),
        "logsumexp": (logsumexp(wide, 1), softmax(wide, 1)),
    }
    for got, g, (name, *_) in answers_for(student, rng, [(name, x, 1, False) for name in exact]):
        value, share = exact[name]
        assert_close(got["value"], value, rtol=1e-5, atol=1e-5, dtype=np.float32)
        assert_close(got["grads"][0], g * share, rtol=1e-5, atol=1e-6, dtype=np.float32)


@exercise("reductions", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_reduction_gradients_are_differentiable(student, rng):
    """Second derivatives by way of your engine, also where a row is -inf."""
    x, g, v = rng.normal(size=(3, 5)), rng.normal(size=3), rng.normal(size=(3, 5))
    first = x == x.max(1, keepdims=True)
    plan = {"sum": v.sum(1), "mean": v.mean(1), "max": (v * first).sum(1)}
    cases = [[name, [x], g, {"axis": [-1]}, [v]] for name in plan]
    some = x.copy()
    some[1] = -np.inf
    cases += [["logsumexp", [some], g, {"axis": 1}, [v]]]
    *answers, stable = student.run("many", "second_order", cases)
    for got, want in zip(answers, plan.values(), strict=True):
        assert_close(got["second"][1], want, rtol=1e-9, atol=1e-12)
    p = np.zeros_like(x)
    p[[0, 2]] = softmax(x[[0, 2]], 1)
    along = (p * v).sum(1)
    by_x = g[:, None] * p * (v - along[:, None])
    for got, want in zip(stable["second"], (by_x, along), strict=True):
        assert_close(got, want, rtol=1e-9, atol=1e-12)

"""Exercise 1.4, public."""

import numpy as np

from autograder.judge import assert_close, exercise


@exercise("reductions", points=1, hint="Give the reduced axes back, then broadcast.")
def test_sum_and_mean_examples(student, rng):
    """The sum and the mean over all axes and over one, with and without keepdims."""
    x = rng.normal(size=(3, 5))
    for axis, keepdims in ((None, False), (0, False), (1, True)):
        options = {"axis": axis, "keepdims": keepdims}
        total = x.sum(axis, keepdims=keepdims)
        g = rng.normal(size=np.shape(total))
        full = np.broadcast_to(g if keepdims or axis != 1 else g[:, None], x.shape)
        got = student.run("vjp", "sum", [x], g, options)
        assert_close(got["value"], np.asarray(total), rtol=1e-9)
        assert_close(got["grads"][0], full, rtol=1e-9)
        got = student.run("vjp", "mean", [x], g, options)
        assert_close(got["value"], np.asarray(x.mean(axis, keepdims=keepdims)), rtol=1e-9)
        assert_close(got["grads"][0], full * np.size(g) / x.size, rtol=1e-9)


@exercise("reductions", points=1.5, hint="max: who won? logsumexp: the gradient is the softmax.")
def test_max_and_logsumexp_examples(student, rng):
    """Maximum and logsumexp of rows: values, and gradients against differences."""
    x, g = rng.normal(size=(3, 5)), rng.normal(size=3)
    for name, f in (("max", np.max), ("logsumexp", naive_logsumexp)):
        got = student.run("vjp", name, [x], g, {"axis": 1})
        assert_close(got["value"], f(x, axis=1), rtol=1e-9)
        assert_close(got["grads"][0], differences(f, x, g), rtol=1e-6, atol=1e-8)


def naive_logsumexp(x, axis):
    return np.log(np.sum(np.exp(x), axis))


def differences(f, x, g, step=1e-6):
    """The gradient of sum(f(x, axis=1) * g), from two values of f for each element."""
    out = np.zeros_like(x)
    for i in np.ndindex(out.shape):
        nudge = np.zeros_like(x)
        nudge[i] = step
        out[i] = np.sum((f(x + nudge, axis=1) - f(x - nudge, axis=1)) * g) / (2 * step)
    return out

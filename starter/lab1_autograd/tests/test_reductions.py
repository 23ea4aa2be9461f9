"""Exercise 1.4, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise


@exercise("reductions", points=1, hint="Give the reduced axes back, then broadcast.")
def test_sum_and_mean_examples(student, rng):
    """The sum and the mean over all axes and over one, with and without keepdims."""
    x = rng.normal(size=(3, 5))
    settings = [(None, False, ()), (0, False, (5,)), (1, True, (3, 1))]
    some = [(a, keep, np.asarray(rng.normal(size=shape))) for a, keep, shape in settings]
    plan = [(name, *setting) for setting in some for name in ("sum", "mean")]
    cases = [[name, [x], g, {"axis": a, "keepdims": keep}] for name, a, keep, g in plan]
    answers = student.run("many", "vjp", cases)
    for got, (name, a, keep, g) in zip(answers, plan, strict=True):
        with case(f"{name} with axis={a}, keepdims={keep}", x=x, upstream=g):
            assert_close(got["value"], np.asarray(getattr(x, name)(a, keepdims=keep)), rtol=1e-9)
            share = g if name == "sum" else g * g.size / x.size
            assert_close(got["grads"][0], np.broadcast_to(share, x.shape), rtol=1e-9)


@exercise("reductions", points=1.5, hint="max: who won? logsumexp: the gradient is the softmax.")
def test_max_and_logsumexp_examples(student, rng):
    """Maximum and logsumexp of rows: values, and gradients against differences."""
    x, g = rng.normal(size=(3, 5)), rng.normal(size=3)
    plan = {"max": np.max, "logsumexp": naive_logsumexp}
    answers = student.run("many", "vjp", [[name, [x], g, {"axis": 1}] for name in plan])
    for got, (name, f) in zip(answers, plan.items(), strict=True):
        with case(f"{name} with axis=1", x=x, upstream=g):
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

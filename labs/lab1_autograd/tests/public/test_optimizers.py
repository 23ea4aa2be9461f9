"""Exercise 1.11, public. Gradients are given; nothing but `Parameter` is needed besides."""

import numpy as np

from autograder.judge import assert_close, case, exercise


@exercise("optimizers", points=0.5, hint="d = g + decay x; m = momentum m + d; then x - lr m.")
def test_sgd_three_steps(student, rng):
    """Three steps of SGD: plain, with momentum, with Nesterov's momentum, with weight decay."""
    x, gs, lr, mu = rng.normal(size=5), rng.normal(size=(3, 5)), 0.1, 0.8
    moments = [gs[0], mu * gs[0] + gs[1], mu * (mu * gs[0] + gs[1]) + gs[2]]
    plan = [({}, gs), ({"momentum": mu}, moments)]
    plan += [({"momentum": mu, "nesterov": True}, gs + mu * np.array(moments))]
    cases = [["SGD", {"lr": lr} | some, [x], [gs], {}] for some, _ in plan]
    decay = {"lr": lr, "weight_decay": 0.3}
    *answers, decayed = student.run("many", "trajectory", [*cases, ["SGD", decay, [x], [gs], {}]])
    for got, (some, moved) in zip(answers, plan, strict=True):
        with case(f"SGD with {some}", x=x, gradients=gs):
            assert_close(got["path"][0], x - lr * np.cumsum(moved, 0), rtol=1e-9, atol=1e-12)
    with case("the first step of SGD with weight_decay=0.3", x=x, g=gs[0]):
        assert_close(decayed["path"][0][0], x - lr * (gs[0] + 0.3 * x), rtol=1e-9, atol=1e-12)


@exercise("optimizers", points=0.5, hint="Both moments begin at 0: divide by 1 - beta ** t.")
def test_adamw_three_steps(student, rng):
    """Three steps of AdamW with one and the same gradient, without and with weight decay."""
    x, g = rng.normal(size=5), rng.uniform(0.5, 1.0, size=5)
    settings = [{"lr": 0.1, "weight_decay": 0.0}, {"lr": 0.1, "weight_decay": 0.3}]
    cases = [["AdamW", s, [x], [np.stack([g] * 3)], {}] for s in settings]
    plain, decayed = student.run("many", "trajectory", cases)
    with case("AdamW without decay (each step is lr g / (|g| + eps))", x=x, g=g):
        way = 0.1 * np.arange(1, 4)[:, None] * g / (g + 1e-8)
        assert_close(plain["path"][0], x - way, rtol=1e-9, atol=1e-12)
    with case("the first step of AdamW with weight_decay=0.3", x=x, g=g):
        want = x - 0.1 * 0.3 * x - 0.1 * g / (g + 1e-8)
        assert_close(decayed["path"][0][0], want, rtol=1e-9, atol=1e-12)


@exercise("optimizers", points=0.5, hint="One norm over all gradients, one factor for all.")
def test_clip_examples(student, rng):
    """Two gradients of the norms 3 and 4, clipped to 10, and to 1."""
    a, b = rng.normal(size=5), rng.normal(size=(2, 3))
    a, b = 3 * a / np.linalg.norm(a), 4 * b / np.linalg.norm(b)
    cases = [[[a, b], 0, max_norm, False] for max_norm in (10.0, 1.0)]
    for got, factor in zip(student.run("many", "clipped", cases), (1.0, 0.2), strict=True):
        with case(f"a factor of {factor}", a=a, b=b):
            assert_close(got["norm"], 5.0, rtol=1e-9)
            assert_close(got["grads"][1], factor * a, rtol=1e-9)
            assert_close(got["grads"][2], factor * b, rtol=1e-9)


@exercise("optimizers", points=0.5, hint="Up in a line, peak at step `warmup`, half a cosine down.")
def test_cosine_example(student):
    """A schedule of 4 + 4 steps, and what follows."""
    got = student.run("schedule", list(range(10)), {"peak": 8.0, "warmup": 4, "total": 8})
    half = 4 * np.cos(np.pi / 4)
    want = [2.0, 4.0, 6.0, 8.0, 8.0, 4 + half, 4.0, 4 - half, 0.0, 0.0]
    assert_close(np.array(got), np.array(want), rtol=1e-9, atol=1e-12)

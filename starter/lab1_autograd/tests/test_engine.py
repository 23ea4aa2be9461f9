"""Exercise 1.6, public. A graph is a list of steps: ["*", 0, 1] multiplies nodes 0 and 1."""

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise


@exercise("engine", points=1.5, hint="Inputs first, each node once; then back, last node first.")
def test_backward_on_small_graphs(student, rng):
    """Leaves after x y + x, after x x y, and after one leaf alone."""
    x, y, g = rng.normal(size=(3, 5))
    got = student.run("run_backward", [x, y], [["*", 0, 1], ["+", 2, 0]], g)
    assert_close(got["value"], x * y + x, rtol=1e-9)
    assert_close(got["grads"][0], g * (y + 1), rtol=1e-9)
    assert_close(got["grads"][1], g * x, rtol=1e-9)
    got = student.run("run_backward", [x, y], [["*", 0, 0], ["*", 2, 1]], g)
    assert_close(got["grads"][0], g * 2 * x * y, rtol=1e-9)
    assert_close(got["grads"][1], g * x * x, rtol=1e-9)
    got = student.run("run_backward", [x], [], g)
    assert_equal(got["grads"], [g])


@exercise("engine", points=1.5, hint="grad returns gradients; it leaves none in the leaves.")
def test_grad_on_small_graphs(student, rng):
    """Gradients by leaves and by a result between; nothing is left in the leaves."""
    x, y, g = rng.normal(size=(3, 5))
    steps = [["*", 0, 1], ["*", 2, 2]]
    got = student.run("run_grad", [x, y], steps, [3], [1, 2], [g])
    assert_close(got["grads"][0], g * 2 * x * y * x, rtol=1e-9)
    assert_close(got["grads"][1], g * 2 * x * y, rtol=1e-9)
    assert_equal(got["left"], [None, None])
    x = np.asarray(x[:1])
    got = student.run("run_grad", [x], [["*", 0, 0], ["*", 1, 0]], [2], [0], None)
    assert_close(got["grads"][0], 3 * x**2, rtol=1e-9)

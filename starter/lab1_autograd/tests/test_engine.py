"""Exercise 1.6, public. A graph is a list of steps: ["*", 0, 1] multiplies nodes 0 and 1."""

from autograder.judge import assert_close, assert_equal, exercise


@exercise("engine", points=1.5, hint="Inputs first, each node once; then back, last node first.")
def test_backward_on_small_graphs(student, rng):
    """Leaves after x y + x, after x x y, and after one leaf alone."""
    x, y, g = rng.normal(size=(3, 5))
    cases = [[[x, y], [["*", 0, 1], ["+", 2, 0]], g], [[x, y], [["*", 0, 0], ["*", 2, 1]], g]]
    first, second, alone = student.run("many", "run_backward", [*cases, [[x], [], g]])
    assert_close(first["value"], x * y + x, rtol=1e-9)
    assert_close(first["grads"][0], g * (y + 1), rtol=1e-9)
    assert_close(first["grads"][1], g * x, rtol=1e-9)
    assert_close(second["grads"][0], g * 2 * x * y, rtol=1e-9)
    assert_close(second["grads"][1], g * x * x, rtol=1e-9)
    assert_equal(alone["grads"], [g])


@exercise("engine", points=1.5, hint="grad returns gradients; it leaves none in the leaves.")
def test_grad_on_small_graphs(student, rng):
    """Gradients by leaves and by a result between; nothing is left in the leaves."""
    x, y, g = rng.normal(size=(3, 5))
    cases = [[[x, y], [["*", 0, 1], ["*", 2, 2]], [3], [1, 2], [g]]]
    cases += [[[x[:1]], [["*", 0, 0], ["*", 1, 0]], [2], [0], None]]
    square, cube = student.run("many", "run_grad", cases)
    assert_close(square["grads"][0], g * 2 * x * y * x, rtol=1e-9)
    assert_close(square["grads"][1], g * 2 * x * y, rtol=1e-9)
    assert_equal(square["left"], [None, None])
    assert_close(cube["grads"][0], 3 * x[:1] ** 2, rtol=1e-9)

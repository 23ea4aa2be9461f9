"""Exercise 1.1, public."""

import numpy as np

from autograder.judge import assert_close, exercise

EXAMPLES = [((3,), (2, 3)), ((2, 1), (2, 5)), ((1,), (7,)), ((), (3, 2)), ((1, 3, 1), (2, 3, 5))]


@exercise("broadcast", points=1, hint="NumPy repeats; the gradient adds up what was repeated.")
def test_broadcast_to_examples(student, rng):
    """Repeating, and its gradient, on five examples."""
    for small, large in EXAMPLES:
        x, g = rng.normal(size=small), rng.normal(size=large)
        got = student.run("vjp", "broadcast_to", [x], g, {"shape": large})
        assert_close(got["value"], np.broadcast_to(x, large))
        assert_close(got["grads"][0], added_up(g, small), rtol=1e-9)


@exercise("broadcast", points=1, hint="Sum over a tuple of axes, then reshape to exactly `shape`.")
def test_unbroadcast_examples(student, rng):
    """Adding up, and its gradient, on the same examples, the other way."""
    for small, large in EXAMPLES:
        x, g = rng.normal(size=large), rng.normal(size=small)
        got = student.run("vjp", "unbroadcast", [x], g, {"shape": small})
        assert_close(got["value"], added_up(x, small), rtol=1e-9)
        assert_close(got["grads"][0], np.broadcast_to(g, large))


def added_up(x, shape):
    """Add each element of `x` to the element of `shape` that broadcasting would repeat there."""
    home = np.broadcast_to(np.arange(np.prod(shape, dtype=int)).reshape(shape), x.shape)
    return np.bincount(home.ravel(), x.ravel(), minlength=home.max() + 1).reshape(shape)

"""Exercise 1.1, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise

EXAMPLES = [((3,), (2, 3)), ((2, 1), (2, 5)), ((1,), (7,)), ((), (3, 2)), ((1, 3, 1), (2, 3, 5))]


@exercise("broadcast", points=1, hint="NumPy repeats; the gradient adds up what was repeated.")
def test_broadcast_to_examples(student, rng):
    """Repeating, and its gradient, on five examples."""
    some = [(rng.normal(size=small), rng.normal(size=large)) for small, large in EXAMPLES]
    cases = [["broadcast_to", [x], g, {"shape": g.shape}] for x, g in some]
    for got, (x, g) in zip(student.run("many", "vjp", cases), some, strict=True):
        with case(f"from {x.shape} to {g.shape}", x=x, upstream=g):
            assert_close(got["value"], np.broadcast_to(x, g.shape))
            assert_close(got["grads"][0], added_up(g, x.shape), rtol=1e-9)


@exercise("broadcast", points=1, hint="Sum over a tuple of axes, then reshape to exactly `shape`.")
def test_unbroadcast_examples(student, rng):
    """Adding up, and its gradient, on the same examples, the other way."""
    some = [(rng.normal(size=large), rng.normal(size=small)) for small, large in EXAMPLES]
    cases = [["unbroadcast", [x], g, {"shape": g.shape}] for x, g in some]
    for got, (x, g) in zip(student.run("many", "vjp", cases), some, strict=True):
        with case(f"from {x.shape} to {g.shape}", x=x, upstream=g):
            assert_close(got["value"], added_up(x, g.shape), rtol=1e-9)
            assert_close(got["grads"][0], np.broadcast_to(g, x.shape))


def added_up(x, shape):
    """Add each element of `x` to the element of `shape` that broadcasting would repeat there."""
    home = np.broadcast_to(np.arange(np.prod(shape, dtype=int)).reshape(shape), x.shape)
    return np.bincount(home.ravel(), x.ravel(), minlength=home.max() + 1).reshape(shape)

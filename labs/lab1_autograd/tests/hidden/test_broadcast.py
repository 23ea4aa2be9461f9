"""Exercise 1.1, hidden."""

from itertools import product

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise


def pairs(lengths, most_axes):
    """Yield every (small, large) of shapes such that small broadcasts to large."""
    for n in range(most_axes + 1):
        for large in product(lengths, repeat=n):
            for k in range(n + 1):
                tail = [sorted({1, length}) for length in large[n - k :]]
                yield from ((small, large) for small in product(*tail))


def added_up(x, shape):
    """Sum over leading axes first, then over axes of length 1, one at a time."""
    while x.ndim > len(shape):
        x = x.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            x = x.sum(axis=axis, keepdims=True)
    return x


@exercise("broadcast", points=2, hint="Mind leading axes, inner axes of length 1, and 0-d.")
def test_unbroadcast_all_pairs_of_shapes(student, rng):
    """Every pair of shapes of up to three axes of length 1, 2 or 3, or four of 1 or 2."""
    shapes = dict.fromkeys([*pairs((1, 2, 3), 3), *pairs((1, 2), 4)])
    some = [(s, t, rng.normal(size=t), rng.normal(size=s)) for s, t in shapes]
    cases = [["unbroadcast", [x], g, {"shape": s}] for s, _, x, g in some]
    for got, (s, t, x, g) in zip(student.run("many", "vjp", cases), some, strict=True):
        assert_close(got["value"], added_up(x, s), rtol=1e-9, atol=1e-12)
        assert_close(got["grads"][0], np.broadcast_to(g, t))


@exercise("broadcast", points=1, hint="Any memory order, no elements at all, float32: all count.")
def test_broadcast_layouts_and_dtypes(student, rng):
    """Permuted and negative strides, empty axes, both dtypes; inputs stay as they were."""
    shapes = [((5, 1, 7), (3, 5, 2, 7)), ((), (13,)), ((1, 0), (5, 0)), ((1,), (0,)), ((7,), (7,))]
    settings = product(shapes, ("permuted", "negative"), (np.float64, np.float32))
    some = [
        (rng.normal(size=s).astype(d), rng.normal(size=t).astype(d), way)
        for (s, t), way, d in settings
    ]
    cases = [["broadcast_to", [x], g, {"shape": g.shape}, way] for x, g, way in some]
    for got, (x, g, _) in zip(student.run("many", "vjp", cases), some, strict=True):
        assert_equal(got["value"], np.broadcast_to(x, g.shape))
        want = added_up(g.astype(np.float64), x.shape)
        assert_close(got["grads"][0], want, rtol=1e-5, atol=1e-5, dtype=x.dtype)
        assert_equal([got["inputs"][0], got["upstream"]], [x, g])


@exercise("broadcast", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_broadcast_gradient_is_differentiable(student, rng):
    """The gradients of both functions can be differentiated again."""
    small, large = (5, 1, 3), (2, 5, 7, 3)
    x, g, v = rng.normal(size=small), rng.normal(size=large), rng.normal(size=small)
    cases = [["broadcast_to", [x], g, {"shape": large}, [v]]]
    cases += [["unbroadcast", [g], x, {"shape": small}, [g]]]
    up, down = student.run("many", "second_order", cases)
    assert_close(up["first"][0], added_up(g, small), rtol=1e-9, atol=1e-12)
    assert_close(up["second"][1], np.broadcast_to(v, large), rtol=1e-9)
    assert_close(down["first"][0], np.broadcast_to(x, large), rtol=1e-9)
    assert_close(down["second"][1], added_up(g, small), rtol=1e-9, atol=1e-12)

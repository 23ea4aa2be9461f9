"""Exercise B1, public. A segment is a list of steps: ["times", 0, 1] multiplies nodes 0 and 1."""

import numpy as np

from autograder.judge import assert_close, case, exercise

# Node 0 is a parameter that the segment finds by itself; then come its arguments, then its steps.
SEGMENT = [["times", 1, 2], ["wave", 3], ["times", 4, 0]]


@exercise("checkpointing", points=0.5, hint="Call fn again on the way back; record that call.")
def test_gradients_through_a_checkpoint(student, rng):
    """sin(x y) w, by its arguments x and y, and by the parameter w."""
    w, x, y, g = rng.normal(size=(4, 5))
    steps = [["checkpoint", [1, 2], SEGMENT]]
    got = student.run("checkpointed", [w, x, y], [True] * 3, 1, steps, g)
    assert_close(got["value"], np.sin(x * y) * w, rtol=1e-9)
    wanted = g * np.sin(x * y), g * w * y * np.cos(x * y), g * w * x * np.cos(x * y)
    for name, mine, want in zip("wxy", got["grads"], wanted, strict=True):
        with case(f"the gradient by {name}", w=w, x=x, y=y, g=g):
            assert_close(mine, want, rtol=1e-9)


@exercise("checkpointing", points=0.5, hint="Set the generator back to how it was; then undo that.")
def test_dropout_inside_a_checkpoint(student, rng):
    """The same elements are dropped both times; afterwards rng has drawn only once."""
    x, g = rng.normal(size=(2, 13))
    seed = int(rng.integers(2**31))
    steps = [["checkpoint", [0], [["drop", 0], ["times", 1, 1]]]]
    got = student.run("checkpointed", [x], [True], 0, steps, g, seed)
    same = np.random.default_rng(seed)
    mask = 2.0 * (same.random(13) >= 0.5)
    assert_close(got["value"], (x * mask) ** 2, rtol=1e-9)
    assert_close(got["grads"][0], g * 2 * x * mask**2, rtol=1e-9)
    for when, mine in zip(("before", "after"), got["draws"], strict=True):
        with case(f"the next number that rng draws, {when} the way back", x=x, seed=seed):
            assert_close(mine, same.random(), rtol=1e-12)

"""Exercise 1.3, public."""

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise


@exercise("shaping", points=1, hint="The gradient goes back where the elements came from.")
def test_reshape_permute_pad_examples(student, rng):
    """Values of reshape, permute and pad, with their gradients."""
    x = rng.normal(size=(2, 3, 5))
    g = rng.normal(size=(5, 6))
    got = student.run("vjp", "reshape", [x], g, {"shape": [5, 6]})
    assert_equal([got["value"], got["grads"][0]], [x.reshape(5, 6), g.reshape(2, 3, 5)])
    g = rng.normal(size=(5, 2, 3))
    got = student.run("vjp", "permute", [x], g, {"axes": [2, 0, 1]})
    assert_equal(got["value"], x.transpose(2, 0, 1))
    assert_equal(got["grads"][0], g.transpose(1, 2, 0))
    g = rng.normal(size=(3, 3, 8))
    got = student.run("vjp", "pad", [x], g, {"widths": [[1, 0], [0, 0], [1, 2]]})
    assert_equal(got["value"], np.pad(x, ((1, 0), (0, 0), (1, 2))))
    assert_equal(got["grads"][0], g[1:, :, 1:6])


@exercise("shaping", points=1.5, hint="An index that occurs twice receives two gradients.")
def test_getitem_concat_split_examples(student, rng):
    """Values of getitem, concat and split, with their gradients."""
    x, g = rng.normal(size=(5, 3)), rng.normal(size=(2, 3))
    indices = [{"slice": [1, 3, None]}, np.array([4, 4])]
    cases = [["getitem", [x], g, {"index": index}] for index in indices]
    rows, twice = student.run("many", "vjp", cases)
    assert_equal(rows["value"], x[1:3])
    assert_equal(rows["grads"][0], np.pad(g, ((1, 2), (0, 0))))
    assert_equal(twice["value"], x[[4, 4]])
    assert_close(twice["grads"][0], np.pad(g.sum(axis=0, keepdims=True), ((4, 0), (0, 0))))
    y, g = rng.normal(size=(2, 3)), rng.normal(size=(7, 3))
    got = student.run("vjp", "concat", [x, y], g, {"axis": 0})
    assert_equal([got["value"], *got["grads"]], [np.concatenate([x, y]), g[:5], g[5:]])
    parts = [g[:5, :1], g[:5, 1:]]
    got = student.run("split_vjp", x, [1, 2], 1, parts)
    assert_equal([*got["values"], got["grad"]], [x[:, :1], x[:, 1:], g[:5]])

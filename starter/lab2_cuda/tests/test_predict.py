"""Exercise 2.12, public."""

import numpy as np

from autograder.judge import assert_close, assert_equal, award, case, exercise

FILE = "kernels/predict.py"
NAMES = {"global_load_sectors", "global_store_sectors", "barriers", "shared_wavefronts"}


def softmax(x):
    """Return the softmax of each row."""
    weights = np.exp(x - x.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True)


def task_of(rng, task, rows, cols, depth):
    """Return the file of a task, its output's name, its inputs, and what is wanted."""
    if task.startswith("matmul"):
        a, b = rng.normal(size=(rows, depth)), rng.normal(size=(depth, cols))
        return "kernels/matmul.py", "c", single({"a": a, "b": b}), a @ b
    x = rng.normal(size=(rows, cols))
    if task == "transpose":
        return "kernels/transpose.py", "out", single({"a": x}), x.T
    return "kernels/softmax.py", "out", single({"x": x}), softmax(x)


def single(arrays):
    """Return the arrays in float32."""
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def measured(who, case_of_task, task):
    """Return the counters of the kernel of `who`, which must be right."""
    file, name, inputs, want = case_of_task
    out = np.full(want.shape, np.nan, np.float32)
    got = who.kernel(file, task).perform({name: out} | inputs)
    assert_equal(got["hazards"], [])
    assert_close(got["arrays"][name], want, rtol=1e-4, atol=1e-4, dtype=np.float32)
    return got["counters"]


def predicted(student, case_of_task, task):
    """Return the counters that are predicted from the shapes of all arrays."""
    _, name, inputs, want = case_of_task
    shapes = {key: list(array.shape) for key, array in inputs.items()} | {name: list(want.shape)}
    return student.interpret(FILE, "predict", task, shapes)


def right(found, counts):
    """Return which counters are within 2 % of those that were measured."""
    return {name for name in NAMES if abs(found[name] - counts[name]) <= 0.02 * counts[name]}


def check(student, rng, task, sizes):
    """Award a quarter for each counter that is predicted right for all sizes."""
    names = set(NAMES)
    for size in sizes:
        one = task_of(rng, task, *size)
        with case(f"{task}, {size[0]} x {size[1]}, depth {size[2]}"):
            names &= right(predicted(student, one, task), measured(student, one, task))
    award(len(names) / 4)


@exercise("predict", points=0.75, hint="Count the sectors that each warp asks for, row by row.")
def test_predict_own_transposition(student, rng):
    """What is predicted, against what your own kernel, which must be right, is measured to take.

    A quarter of the points for each counter that is within 2 % for whole tiles, and for others.
    """
    check(student, rng, "transpose", ((64, 96, 0), (33, 65, 0)))


@exercise("predict", points=0.75, hint="Each tile of a is loaded for every tile of columns.")
def test_predict_own_tiled_product(student, rng):
    """What is predicted, against what your own kernel, which must be right, is measured to take.

    A quarter of the points for each counter that is within 2 % for whole tiles, and for others.
    """
    check(student, rng, "matmul_tiled", ((32, 48, 64), (33, 20, 47)))


@exercise("predict", points=0.5, hint="The lower of two roofs.")
def test_roofline_examples(student):
    """A kernel that is bound by memory, and one that is bound by arithmetic."""
    assert_close(student.interpret(FILE, "roofline", 1e9, 1e9, 1e13, 2e12), 2e12)
    assert_close(student.interpret(FILE, "roofline", 1e12, 1e9, 1e13, 2e12), 1e13)

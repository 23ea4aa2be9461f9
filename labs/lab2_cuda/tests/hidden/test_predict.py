"""Exercise 2.12, hidden.

A prediction is right if it is what the kernel takes that the exercise describes: the reference's.
Who builds a kernel in another way predicts another cost: so it may be that of the student's own
kernel instead, if that gives right results. All sizes are held against the same kernel.
"""

from contextlib import suppress

import numpy as np

from autograder.judge import CallFailed, assert_close, assert_equal, award, case, exercise

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


def check(student, reference, rng, task, sizes):
    """Award a quarter for each counter that is predicted right for all sizes."""
    told = [task_of(rng, task, *size) for size in sizes]
    found = []
    for size, one in zip(sizes, told, strict=True):
        with case(f"{task}, {size[0]} x {size[1]}, depth {size[2]}"):
            found.append(predicted(student, one, task))
    best = agreed(reference, told, task, found)
    if best < len(NAMES):
        with suppress(AssertionError, CallFailed):  # their kernel may be wrong
            best = max(best, agreed(student, told, task, found))
    award(best / len(NAMES))


def agreed(who, told, task, found):
    """Return how many counters are predicted right, for all sizes, for the kernel of `who`."""
    names = set(NAMES)
    for one, mine in zip(told, found, strict=True):
        names &= right(mine, measured(who, one, task))
    return len(names)


def sizes(rng):
    """Return rows, columns and depths: small, cut off in every way, none to add up, any."""
    some = (1, 1, 1), (33, 65, 47), (64, 64, 64), (100, 7, 33), (17, 5, 3), (12, 90, 24)
    return *some, tuple(map(int, rng.integers(20, 90, 3)))


@exercise("predict", points=1, hint="A row may begin within a sector: each begins elsewhere.")
def test_predict_transposition(student, reference, rng):
    """A quarter of the points for each counter that is within 2 % for all of seven shapes."""
    check(student, reference, rng, "transpose", sizes(rng))


@exercise("predict", points=1, hint="Half a warp ends where the other begins: one sector for both.")
def test_predict_tiled_product(student, reference, rng):
    """A quarter of the points for each counter that is within 2 % for all of eight shapes."""
    check(student, reference, rng, "matmul_tiled", (*sizes(rng), (31, 16, 0)))


@exercise("predict", points=1, hint="As for matmul_tiled, but whole warps read a row of b.")
def test_predict_product_in_registers(student, reference, rng):
    """A quarter of the points for each counter that is within 2 % for all of five shapes."""
    some = sizes(rng)
    check(student, reference, rng, "matmul_registers", (*some[1:4], some[-1], (31, 16, 0)))


@exercise("predict", points=1, hint="One barrier before the tree, and one after each level.")
def test_predict_softmax(student, reference, rng):
    """A quarter of the points for each counter that is within 2 % for all of seven shapes."""
    wide = [(rows, 7 * cols, 0) for rows, cols, _ in sizes(rng)]
    check(student, reference, rng, "softmax_rows", wide)


@exercise("predict", points=0.5, hint="Rows that lie alike need to be counted once only.")
def test_predict_large_shapes(student):
    """A hundred thousand rows, of which there is no time to look at each."""
    tall = {"x": [100_000, 32], "out": [100_000, 32]}
    got = student.interpret(FILE, "predict", "softmax_rows", tall)
    assert_close(float(got["global_load_sectors"]), 800_000.0, rtol=0.02)
    assert_close(float(got["global_store_sectors"]), 400_000.0, rtol=0.02)
    tall = {"a": [80_000, 96], "out": [96, 80_000]}
    got = student.interpret(FILE, "predict", "transpose", tall)
    assert_close(float(got["global_load_sectors"]), 960_000.0, rtol=0.02)
    assert_close(float(got["global_store_sectors"]), 960_000.0, rtol=0.02)


@exercise("predict", points=0.5, hint="Without any bytes there is one roof only.")
def test_roofline_of_any_intensity(student, rng):
    """Below the ridge and above it, at it, and without traffic."""
    for peak, rate in rng.uniform(1e12, 1e14, size=(3, 2)).tolist():
        for flops, moved in ((1e6, 1e9), (1e15, 3e6), (peak, rate)):
            want = min(peak, rate * flops / moved)
            got = student.interpret(FILE, "roofline", flops, moved, peak, rate)
            assert_close(float(got), want, rtol=1e-9)
    assert_close(float(student.interpret(FILE, "roofline", 5, 0, 1e13, 2e12)), 1e13)
    assert_close(float(student.interpret(FILE, "roofline", 0, 5, 1e13, 2e12)), 0.0)

"""Exercise 2.9, public."""

import numpy as np

from autograder.judge import assert_close, award, case, exercise, performed, rung, unwritten

FILE = "kernels/softmax.py"


def softmax(x):
    """Return the softmax of each row; a row of only -inf gives zeros."""
    x = x.astype(float)
    weights = np.exp(x - np.maximum(x.max(1, keepdims=True), -1e300))
    sums = weights.sum(1, keepdims=True)
    return weights / np.where(sums > 0, sums, 1)


def normalized(student, x):
    """Return what came of the softmax of the rows of x, which is right."""
    got = performed(student.kernel(FILE, "softmax_rows"), {"out": unwritten(*x.shape)}, {"x": x})
    assert_close(got["arrays"]["out"], softmax(x), rtol=5e-5, atol=1e-7, dtype=np.float32)
    return got


@exercise("softmax", points=1, hint="When the maximum grows, what was summed up shrinks.")
def test_softmax_examples(student, rng):
    """Rows of fewer columns than a block has threads, and of more."""
    for rows, cols in ((5, 33), (3, 500)):
        x = rng.normal(size=(rows, cols)).astype(np.float32)
        with case(f"{rows} rows of {cols}", x=x):
            normalized(student, x)


@exercise("softmax", points=0.5, hint="Subtract the maximum before exp.")
def test_softmax_of_large_numbers(student, rng):
    """Numbers of about 100, of which exp is infinite in float32."""
    x = 100 * rng.normal(size=(3, 50)).astype(np.float32)
    with case("3 rows of 50", x=x):
        normalized(student, x)


@exercise("softmax", points=1, hint="Maximum and sum in one pass over x, results in a second.")
def test_softmax_reads_twice(student, rng):
    """Sectors loaded, of x and of all else: at most 2.1 times those of x, half for 3.2 times."""
    x = rng.normal(size=(4, 400)).astype(np.float32)
    got = normalized(student, x)
    award(rung(got["counters"]["global_load_sectors"] / (x.size / 8), 2.1, 3.2))

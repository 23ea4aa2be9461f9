"""Exercise 2.2, public."""

import numpy as np

from autograder.judge import assert_equal, award, case, exercise, performed, rung, unwritten

FILE = "kernels/transpose.py"


@exercise("transpose", points=1, hint="A barrier between filling the tile and emptying it.")
def test_transpose_examples(student, rng):
    """A square, and a matrix whose sides are no multiples of a tile."""
    for rows, cols in ((64, 64), (33, 65)):
        a = rng.normal(size=(rows, cols)).astype(np.float32)
        with case(f"{rows} x {cols}", a=a):
            got = performed(
                student.kernel(FILE, "transpose"), {"out": unwritten(cols, rows)}, {"a": a}
            )
            assert_equal(got["arrays"]["out"], a.T)


@exercise("transpose", points=2, hint="A warp reads a row of a, and writes a row of out.")
def test_transpose_is_coalesced(student, rng):
    """Sectors of a and out together: all points for 1.05 times the least, half for 1.5 times."""
    rows, cols = 64, 64
    a = rng.normal(size=(rows, cols)).astype(np.float32)
    got = performed(student.kernel(FILE, "transpose"), {"out": unwritten(cols, rows)}, {"a": a})
    assert_equal(got["arrays"]["out"], a.T)
    counts = got["counters"]
    sectors = counts["global_load_sectors"] + counts["global_store_sectors"]
    least = 2 * rows * cols / 8
    award(rung(sectors, 1.05 * least, 1.5 * least))

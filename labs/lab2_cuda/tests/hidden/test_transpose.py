"""Exercise 2.2, hidden."""

import numpy as np

from autograder.judge import assert_equal, award, case, exercise, orders, performed, rung, unwritten

FILE = "kernels/transpose.py"


def check(student, rng, shapes):
    """Transpose matrices of `shapes`, each in some order of the blocks."""
    for rows, cols in shapes:
        a = rng.normal(size=(rows, cols)).astype(np.float32)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} x {cols}, order={order}"):
            got = performed(
                student.kernel(FILE, "transpose"), {"out": unwritten(cols, rows)}, {"a": a}, order
            )
            assert_equal(got["arrays"]["out"], a.T)


def sectors_and_least(got):
    """Return the sectors of all arrays together, and the least for all of `a` and `out`."""
    counts = got["counters"]
    sectors = counts["global_load_sectors"] + counts["global_store_sectors"]
    return sectors, 2 * got["arrays"]["a"].size / 8


@exercise("transpose", points=2, hint="Rows and columns change places: so do the two checks.")
def test_transpose_of_any_shape(student, rng):
    """Sides that are no multiples of anything, far from square."""
    check(student, rng, ((33, 65), (31, 97), (100, 7), (5, 130)))
    check(student, rng, [tuple(rng.integers(40, 80, 2))] * 3)


@exercise("transpose", points=1, hint="A grid has at least one block, whose threads may be idle.")
def test_transpose_of_next_to_nothing(student, rng):
    """One row, one column, one element, none at all."""
    check(student, rng, ((1, 1), (1, 67), (67, 1), (0, 5), (5, 0), (0, 0)))


@exercise("transpose", points=2, hint="Coalesce both sides; move each element once.")
def test_transpose_traffic(student, rng):
    """Sectors of a 96 x 160 matrix: all points for 1.05 times the least, half for 1.5 times."""
    a = rng.normal(size=(96, 160)).astype(np.float32)
    got = performed(student.kernel(FILE, "transpose"), {"out": unwritten(160, 96)}, {"a": a})
    assert_equal(got["arrays"]["out"], a.T)
    sectors, least = sectors_and_least(got)
    award(rung(sectors, 1.05 * least, 1.5 * least))


@exercise("transpose", points=2, hint="One more column in the tile moves its rows to other banks.")
def test_transpose_without_bank_conflicts(student, rng):
    """Passes over shared memory: all points for 1.05 times the accesses of warps, half for twice.

    Only where the traffic is at most 1.05 times the least: without a tile there are no conflicts.
    """
    a = rng.normal(size=(160, 96)).astype(np.float32)
    got = performed(student.kernel(FILE, "transpose"), {"out": unwritten(96, 160)}, {"a": a})
    assert_equal(got["arrays"]["out"], a.T)
    sectors, least = sectors_and_least(got)
    assert sectors <= 1.05 * least, f"{sectors:g} sectors, for {least:g} at least"
    counts = got["counters"]
    accesses = counts["shared_load_requests"] + counts["shared_store_requests"]
    award(rung(counts["shared_wavefronts"], 1.05 * accesses, 2 * accesses))

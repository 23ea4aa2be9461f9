"""Exercise 2.9, hidden."""

import numpy as np

from autograder.judge import assert_close, award, case, exercise, orders, performed, rung, unwritten

FILE = "kernels/softmax.py"


def softmax(x):
    """Return the softmax of each row; a row of only -inf gives zeros."""
    x = x.astype(float)
    weights = np.exp(x - np.maximum(x.max(1, keepdims=True), -1e300))
    sums = weights.sum(1, keepdims=True)
    return weights / np.where(sums > 0, sums, 1)


def normalized(student, x, order=None):
    """Return what came of the softmax of the rows of x, which is right."""
    got = performed(
        student.kernel(FILE, "softmax_rows"), {"out": unwritten(*x.shape)}, {"x": x}, order
    )
    assert_close(got["arrays"]["out"], softmax(x), rtol=5e-5, atol=1e-7, dtype=np.float32)
    return got


@exercise("softmax", points=1.5, hint="A thread may have no column at all: its maximum is -inf.")
def test_softmax_of_any_shape(student, rng):
    """One element, rows shorter and longer than a block, no row; three orders of the blocks."""
    for rows, cols in ((1, 1), (40, 7), (2, 1000), (7, 129), (5, 257), (0, 4), (2, 2049)):
        x = (3 * rng.normal(size=(rows, cols))).astype(np.float32)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, order={order}", x=x):
            normalized(student, x, order)
    x = rng.normal(size=(13, 65)).astype(np.float32)
    for order in orders(rng):
        with case(f"order={order}", x=x):
            normalized(student, x, order)


@exercise("softmax", points=1, hint="exp(-inf - -inf) is NaN: a weight of -inf is 0.")
def test_softmax_of_infinite_elements(student, rng):
    """A row of -inf gives zeros; -inf in every other place, all but the last, the first half."""
    x = rng.normal(size=(5, 300)).astype(np.float32)
    x[0], x[1, ::2], x[2, :299], x[3, :150], x[4, 1:] = [-np.inf] * 5
    with case("five rows of 300", x=x):
        normalized(student, x)
    with case("one column"):
        normalized(student, np.array([[-np.inf], [3.0]], np.float32))


@exercise("softmax", points=1, hint="Begin with -inf, not with a number that seems low enough.")
def test_softmax_of_distant_rows(student, rng):
    """Rows near 10 000 and far below 0, of greatly different elements, of maxima that grow."""
    x = rng.normal(size=(7, 300)).astype(np.float32)
    x[0] *= 1e4
    x[1] += 1e4
    x[2] -= 3e4
    x[3] -= 1e30
    x[4].sort()
    x[5] = -np.sort(-x[5]) * 20
    x[6, int(rng.integers(300))] = 200
    with case("seven rows of 300", x=x):
        normalized(student, x)


@exercise("softmax", points=1, hint="Two passes over x, one store for each element, no scratch.")
def test_softmax_traffic(student, rng):
    """Sectors of 5 rows of 1000, in one launch without scratch memory.

    Loads: at most 2.1 times the least for x, for half of the points, 3.2 times for a quarter.
    Stores: at most 1.05 times the least, for the other half.
    """
    x = rng.normal(size=(5, 1000)).astype(np.float32)
    got = normalized(student, x)
    assert len(got["launches"]) == 1, f"{len(got['launches'])} launches"
    counts, least = got["counters"], x.size / 8
    reads = rung(counts["global_load_sectors"], 2.1 * least, 3.2 * least)
    award((reads + (counts["global_store_sectors"] <= 1.05 * least)) / 2)


@exercise("softmax", points=1, hint="Merge maxima and sums in a tree, or by shuffles.")
def test_softmax_is_a_tree(student, rng):
    """What 8 rows of 200 take of shared memory, each, in blocks of t threads, w warps.

    Barriers: at most log2(t) + 3, half for twice that. Passes: at most 12 w + 100, half for twice.
    """
    x = rng.normal(size=(8, 200)).astype(np.float32)
    got = normalized(student, x)
    threads = max(int(np.prod(launch["block"])) for launch in got["launches"])
    levels, warps = int(np.ceil(np.log2(threads))), -(-threads // 32)
    barriers, passes = (got["counters"][what] / 8 for what in ("barriers", "shared_wavefronts"))
    most = 12 * warps + 100
    award((rung(barriers, levels + 3, 2 * levels + 6) + rung(passes, most, 2 * most)) / 2)

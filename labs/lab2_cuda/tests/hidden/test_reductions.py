"""Exercise 2.3, hidden."""

import math

import numpy as np

from autograder.judge import (
    assert_close,
    assert_equal,
    award,
    case,
    exercise,
    orders,
    performed,
    rung,
    unwritten,
)

FILE = "kernels/reductions.py"
SUM, MAX, MIN = 0, 1, 2
FOLDS = ((SUM, np.sum, 0.0), (MAX, np.max, -math.inf), (MIN, np.min, math.inf))


def reduced(student, x, op, parts, order=None):
    """Return the partial results of so many blocks, and all that came of the launch."""
    inputs = {"x": x, "op": op}
    got = performed(
        student.kernel(FILE, "block_reduce"), {"partials": unwritten(parts)}, inputs, order
    )
    partials = got["arrays"]["partials"]
    assert_equal([partials.dtype.name, list(partials.shape)], ["float32", [parts]])
    return partials.astype(float), got


@exercise("reductions", points=1.5, hint="A block may have less to do than it has threads.")
def test_block_reduce_of_any_length(student, rng):
    """Nothing, one element, lengths around powers of two; maxima below zero, minima above."""
    for n, parts in ((0, 1), (1, 1), (31, 2), (255, 1), (257, 3), (1000, 3), (5000, 7)):
        plain = rng.normal(size=n).astype(np.float32)
        some = plain, -1 - np.abs(plain), 1 + np.abs(plain)
        for (op, fold, identity), x, order in zip(FOLDS, some, orders(rng), strict=True):
            with case(f"n={n}, {parts} blocks, op={op}, order={order}", x=x):
                partials, _ = reduced(student, x, op, parts, order)
                want = fold(x.astype(float), initial=identity)
                slack = 1e-6 * float(np.abs(x).sum()) if op == SUM else 0.0
                total = float(fold(partials, initial=identity))
                assert_close(total, float(want), rtol=0, atol=slack)


@exercise("reductions", points=0.5, hint="Begin with what changes nothing: -inf for a maximum.")
def test_block_reduce_of_infinite_elements(student, rng):
    """The maximum of -inf alone, the minimum of inf alone, and a single other element."""
    for op, lowest in ((MAX, -np.inf), (MIN, np.inf)):
        x = np.full(300, lowest, np.float32)
        with case(f"op={op}, all {lowest}"):
            assert_equal(reduced(student, x, op, 2)[0], np.full(2, lowest))
        x[int(rng.integers(300))] = np.copysign(3e38, lowest)
        with case(f"op={op}, all {lowest} but one"):
            found = sorted(reduced(student, x, op, 2)[0].tolist(), key=abs)
            assert_equal(found, [float(np.float32(np.copysign(3e38, lowest))), float(lowest)])


@exercise("reductions", points=0.5, hint="All blocks share the work, each a stretch in turn.")
def test_block_reduce_uses_all_blocks(student, rng):
    """Of 16 384 ones, each of 4 blocks counts a fair share, whatever the order of the blocks."""
    for order in orders(rng):
        partials, _ = reduced(student, np.ones(16384, np.float32), SUM, 4, order)
        assert_equal(float(partials.sum()), 16384.0)
        assert partials.min() > 2000, f"a block counts only {partials.min():g}"


@exercise("reductions", points=1, hint="Of equal elements the lower index wins, in every step.")
def test_row_argmax_of_ties(student, rng):
    """The first of many equal elements; rows shorter and longer than a block."""
    for rows, cols in ((1, 1), (3, 7), (5, 255), (4, 257), (5, 1000), (2, 2049)):
        x = rng.integers(-3, 3, (rows, cols)).astype(np.float32)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, order={order}", x=x):
            got = performed(
                student.kernel(FILE, "row_argmax"), {"out": np.full(rows, -77)}, {"x": x}, order
            )
            assert_equal(got["arrays"]["out"], x.argmax(1))


@exercise("reductions", points=0.5, hint="-inf at a real index beats a thread that saw nothing.")
def test_row_argmax_of_special_rows(student, rng):
    """Rows of -inf, of one value, of values below any that one would begin with; and no row."""
    x = np.full((5, 600), -np.inf, np.float32)
    x[1, 599] = -3e38
    x[2] = 5
    x[3], x[3, 300:] = -7, -6
    x[4, [77, 401]] = np.inf
    got = performed(student.kernel(FILE, "row_argmax"), {"out": np.full(5, -77)}, {"x": x})
    assert_equal(got["arrays"]["out"], np.array([0, 599, 0, 300, 77]))
    empty = np.zeros((0, 5), np.float32)
    got = performed(
        student.kernel(FILE, "row_argmax"), {"out": np.zeros(0, np.int64)}, {"x": empty}
    )
    assert_equal(got["arrays"]["out"], np.zeros(0, np.int64))


def per_block(launch, what):
    """Return a counter of a launch for each of its blocks."""
    return launch["counters"][what] / np.prod(launch["grid"])


def tree(launch):
    """Return the number of levels of a tree over the threads of a block, and its warps."""
    threads = int(np.prod(launch["block"]))
    return math.ceil(math.log2(threads)), -(-threads // 32)


@exercise("reductions", points=1, hint="Neighbouring threads work on neighbouring words.")
def test_block_reduce_is_a_tree(student, rng):
    """What a block of t threads, w warps, needs to add up its threads' sums.

    Barriers: at most log2(t) + 2; half of the points for twice that. Passes over shared memory: at
    most 5 w + 20; half for 15 w + 60 (threads far apart, or conflicts of banks).
    """
    x = rng.normal(size=3001).astype(np.float32)
    partials, got = reduced(student, x, SUM, 4)
    slack = 1e-6 * float(np.abs(x).sum())
    assert_close(float(partials.sum()), float(x.astype(float).sum()), rtol=0, atol=slack)
    (launch,) = got["launches"]
    levels, warps = tree(launch)
    barriers, passes = (per_block(launch, what) for what in ("barriers", "shared_wavefronts"))
    meets = rung(barriers, levels + 2, 2 * levels + 4)
    award((meets + rung(passes, 5 * warps + 20, 15 * warps + 60)) / 2)


@exercise("reductions", points=1, hint="Each element once; the threads of a warp side by side.")
def test_block_reduce_traffic(student, rng):
    """Reads of 3001 elements, once each, and no atomics.

    Sectors: all points for 1.05 times the least, half for twice the least.
    """
    x = rng.normal(size=3001).astype(np.float32)
    partials, got = reduced(student, x, MAX, 3)
    assert_equal(float(partials.max()), float(x.max()))
    assert got["counters"]["atomic_requests"] <= 0, "there are atomics"
    traffic = got["traffic"]["x"]
    assert traffic["load_elements"] <= x.size, f"{traffic['load_elements']:g} loads of {x.size}"
    award(rung(traffic["load_sectors"], 1.05 * x.size / 8, 2 * x.size / 8))


@exercise("reductions", points=1, hint="A tree as in block_reduce, of values with their places.")
def test_row_argmax_costs(student, rng):
    """Each element is read once, for half of the points; a tree of values and places, for the rest.

    Sectors: at most 1.05 times the least. Of shared memory, for each row: at most log2(t) + 2
    barriers, and 15 w + 60 passes, in blocks of t threads, w warps.
    """
    x = rng.normal(size=(6, 1000)).astype(np.float32)
    got = performed(student.kernel(FILE, "row_argmax"), {"out": np.full(6, -77)}, {"x": x})
    assert_equal(got["arrays"]["out"], x.argmax(1))
    traffic, counts = got["traffic"]["x"], got["counters"]
    once = traffic["load_elements"] <= x.size and traffic["load_sectors"] <= 1.05 * x.size / 8
    levels, warps = max(map(tree, got["launches"]))
    meets = counts["barriers"] <= 6 * (levels + 2)
    passes = counts["shared_wavefronts"] <= 6 * (15 * warps + 60)
    award((once + (meets and passes)) / 2)

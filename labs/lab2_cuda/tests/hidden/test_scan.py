"""Exercise 2.4, hidden."""

import numpy as np

from autograder.judge import assert_equal, award, case, exercise, orders, performed, rung

FILE = "kernels/scan.py"


def scanned(student, x, order=None):
    """Return what came of the scan of x, which is right."""
    got = performed(
        student.kernel(FILE, "exclusive_scan"), {"out": np.full(x.size, -77)}, {"x": x}, order
    )
    assert_equal(got["arrays"]["out"], np.cumsum(x) - x)
    return got


@exercise("scan", points=1.5, hint="Behind the end of x there are zeros.")
def test_scan_of_any_length(student, rng):
    """Nothing, one element, lengths around those of tiles; the order of blocks does not matter."""
    lengths = (0, 1, 2, 31, 127, 128, 129, 255, 256, 257, 511, 513, int(rng.integers(600, 1000)))
    for n in lengths:
        x = rng.integers(-9, 10, n)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"n={n}, order={order}", x=x):
            scanned(student, x, order)


@exercise("scan", points=1, hint="There are more tiles than one block scans at once: carry on.")
def test_scan_of_many_tiles(student, rng):
    """Ten thousand elements in three orders, and so many that their sums fill several tiles."""
    for n, order in (*((10_000, order) for order in orders(rng)), (66_000, None), (140_000, None)):
        with case(f"n={n}, order={order}"):
            scanned(student, rng.integers(-9, 10, n), order)


@exercise("scan", points=0.5, hint="The sums are int64, too: in shared memory and in scratch.")
def test_scan_is_exact(student, rng):
    """Elements of 40 bits and more, within a tile and over tiles."""
    for n in (50, 3000):
        with case(f"n={n}"):
            scanned(student, rng.integers(-(2**50), 2**50, n))


@exercise("scan", points=1, hint="Read x once and out once more; three launches, no atomics.")
def test_scan_traffic(student, rng):
    """Accesses to memory for each of 12 800 elements, in three launches without atomics.

    Global loads: at most 2.6 elements and 0.75 sectors, for half of the points. Shared memory: 12
    elements for the other half, and half of that for 16.
    """
    x = rng.integers(-9, 10, 12_800)
    got = scanned(student, x)
    counts = got["counters"]
    assert len(got["launches"]) <= 3, "there are more than three launches"
    assert counts["atomic_requests"] <= 0, "there are atomics"
    loads = counts["global_load_elements"] / x.size <= 2.6
    coalesced = counts["global_load_sectors"] / x.size <= 0.75
    used = sum(counts[f"shared_{way}_elements"] for way in ("load", "store"))
    award(((loads and coalesced) + rung(used / x.size, 12, 16)) / 2)


@exercise("scan", points=1, hint="An element of 8 bytes takes two banks: pad after every 16.")
def test_scan_without_bank_conflicts(student, rng):
    """Passes over shared memory for an element, of 12 800: at most 1, half of the points for 2."""
    x = rng.integers(-9, 10, 12_800)
    counts = scanned(student, x)["counters"]
    award(rung(counts["shared_wavefronts"] / x.size, 1, 2))

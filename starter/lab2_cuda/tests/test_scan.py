"""Exercise 2.4, public."""

import numpy as np

from autograder.judge import assert_equal, award, case, exercise, performed, rung

FILE = "kernels/scan.py"


def scanned(student, x):
    """Return what came of the scan of x, which is right."""
    got = performed(student.kernel(FILE, "exclusive_scan"), {"out": np.full(x.size, -77)}, {"x": x})
    assert_equal(got["arrays"]["out"], np.cumsum(x) - x)
    return got


@exercise("scan", points=1, hint="Element i is the sum of all before it; the first is 0.")
def test_scan_examples(student, rng):
    """One tile, not full; then several tiles."""
    for n in (100, 1000):
        x = rng.integers(-9, 10, n)
        with case(f"n={n}", x=x):
            scanned(student, x)


@exercise("scan", points=1, hint="A tree does fewer additions than log2(n) rounds over all.")
def test_scan_does_linear_work(student, rng):
    """Accesses to shared memory, in three launches, for each of 2560 elements.

    At most 12 for all points, 16 for half: sums up a tree and down again take 11; each of log2(n)
    rounds over all elements takes 3.
    """
    x = rng.integers(-9, 10, 2560)
    got = scanned(student, x)
    assert len(got["launches"]) <= 3, "there are more than three launches"
    used = sum(got["counters"][f"shared_{way}_elements"] for way in ("load", "store"))
    award(rung(used / x.size, 12, 16))

"""Exercise 2.1, public."""

import numpy as np

from autograder.judge import (
    assert_close,
    assert_equal,
    award,
    case,
    exercise,
    performed,
    rung,
    unwritten,
)

FILE = "kernels/maps.py"


@exercise("maps", points=0.5, hint="Every gridsize-th element; float32(alpha), for it is float64.")
def test_axpby_example(student, rng):
    """2.5 a - 0.75 b, of about a thousand elements."""
    a, b = rng.normal(size=(2, int(rng.integers(900, 1100)))).astype(np.float32)
    inputs = {"a": a, "b": b, "alpha": 2.5, "beta": -0.75}
    with case(f"{a.size} elements", **inputs):
        got = performed(student.kernel(FILE, "axpby"), {"out": unwritten(a.size)}, inputs)
        want = 2.5 * a.astype(float) - 0.75 * b
        assert_close(got["arrays"]["out"], want, rtol=0, atol=4e-5, dtype=np.float32)


@exercise("maps", points=0.5, hint="Row r of x begins at r * pitch, row r of out at r * cols.")
def test_map2d_example(student, rng):
    """The positive part of 13 rows of 33 columns, in a memory of rows 40 elements apart."""
    x = rng.normal(size=(13, 40)).astype(np.float32)
    inputs = {"x": x.reshape(-1), "rows": 13, "cols": 33, "pitch": 40}
    with case("13 rows, 33 columns, pitch 40", **inputs):
        got = performed(student.kernel(FILE, "map2d"), {"out": unwritten(13 * 33)}, inputs)
        assert_equal(got["arrays"]["out"], np.maximum(x[:, :33], 0).reshape(-1))


@exercise("maps", points=1, hint="Neighbouring threads must take neighbouring elements.")
def test_axpby_is_coalesced(student, rng):
    """Sectors of each array: all points for 1.05 times the least, half for twice the least."""
    n = 8192
    a, b = rng.normal(size=(2, n)).astype(np.float32)
    inputs = {"a": a, "b": b, "alpha": 2.0, "beta": 3.0}
    got = performed(student.kernel(FILE, "axpby"), {"out": unwritten(n)}, inputs)
    want = 2.0 * a.astype(float) + 3.0 * b
    assert_close(got["arrays"]["out"], want, rtol=0, atol=4e-5, dtype=np.float32)
    loads = max(got["traffic"][name]["load_sectors"] for name in "ab")
    award(rung(max(loads, got["traffic"]["out"]["store_sectors"]), 1.05 * n / 8, 2 * n / 8))

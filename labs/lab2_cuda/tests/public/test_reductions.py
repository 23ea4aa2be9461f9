"""Exercise 2.3, public."""

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

FILE = "kernels/reductions.py"
SUM, MAX, MIN = 0, 1, 2


@exercise("reductions", points=1, hint="A barrier after each level of the tree, for all threads.")
def test_block_reduce_examples(student, rng):
    """The sum and the maximum of about a thousand elements, from 3 partial results."""
    x = rng.normal(size=int(rng.integers(900, 1100))).astype(np.float32)
    for op, fold in ((SUM, np.sum), (MAX, np.max)):
        with case(f"op={op}, 3 blocks", x=x):
            got = performed(
                student.kernel(FILE, "block_reduce"), {"partials": unwritten(3)}, {"x": x, "op": op}
            )
            partials = got["arrays"]["partials"]
            assert_equal([partials.dtype.name, list(partials.shape)], ["float32", [3]])
            total = float(fold(partials.astype(float)))
            assert_close(total, float(fold(x.astype(float))), rtol=0, atol=1e-6 * np.abs(x).sum())


@exercise("reductions", points=1, hint="Keep a value and its place together, all the way.")
def test_row_argmax_example(student, rng):
    """The place of the greatest of each row, where all elements are different."""
    x = np.array([rng.permutation(500) for _ in range(3)], np.float32)
    with case("3 rows of 500", x=x):
        got = performed(student.kernel(FILE, "row_argmax"), {"out": np.full(3, -77)}, {"x": x})
        assert_equal(got["arrays"]["out"], x.argmax(1))


@exercise("reductions", points=1, hint="Each element once, neighbours together; no atomics.")
def test_block_reduce_reads_once(student, rng):
    """Each element is read once, by 4 blocks, without atomics.

    Sectors: all points for 1.05 times the least, half for twice the least.
    """
    n = 4096
    x = rng.normal(size=n).astype(np.float32)
    got = performed(
        student.kernel(FILE, "block_reduce"), {"partials": unwritten(4)}, {"x": x, "op": SUM}
    )
    total = float(got["arrays"]["partials"].astype(float).sum())
    assert_close(total, float(x.astype(float).sum()), rtol=0, atol=1e-6 * np.abs(x).sum())
    assert got["counters"]["atomic_requests"] <= 0, "there are atomics"
    traffic = got["traffic"]["x"]
    assert traffic["load_elements"] <= n, f"{traffic['load_elements']:g} loads of {n} elements"
    award(rung(traffic["load_sectors"], 1.05 * n / 8, 2 * n / 8))

"""Exercise 2.1, hidden."""

import numpy as np

from autograder.judge import (
    assert_equal,
    assert_near,
    award,
    case,
    exercise,
    orders,
    performed,
    rung,
    unwritten,
)

FILE = "kernels/maps.py"


@exercise("maps", points=1, hint="Threads whose element is behind the end must not write.")
def test_axpby_of_any_length(student, rng):
    """No element, one, about a warp, and many; the order of the blocks does not matter."""
    for n in (0, 1, 31, 32, 33, 1000, int(rng.integers(2000, 3000))):
        a, b = rng.normal(size=(2, n)).astype(np.float32)
        alpha, beta = rng.normal(size=2).tolist()
        want = np.float32(alpha) * a.astype(float) + np.float32(beta) * b.astype(float)
        inputs = {"a": a, "b": b, "alpha": alpha, "beta": beta}
        for order in orders(rng) if n == 1000 else (None,):
            with case(f"n={n}, order={order}", alpha=alpha, beta=beta):
                got = performed(student.kernel(FILE, "axpby"), {"out": unwritten(n)}, inputs, order)
                assert_near(got["arrays"]["out"], want)


@exercise("maps", points=1, hint="Let each thread go on by cuda.gridsize(1) until the end.")
def test_axpby_on_any_grid(student, rng):
    """Grids of fewer threads than elements, and of more."""
    kernel = student.kernel(FILE, "axpby")
    a, b = rng.normal(size=(2, 1000)).astype(np.float32)
    for grid, block in ((1, 1), (1, 32), (3, 33), (2, 256), (50, 64)):
        with case(f"{grid} blocks of {block} threads"):
            got = kernel.launch(grid, block, unwritten(1000), a, b, 2.0, -3.0)
            assert_equal(got["hazards"], [])
            assert_near(got["arrays"][0], 2.0 * a.astype(float) - 3.0 * b)
            assert_equal(got["arrays"][1:], [a, b])


@exercise("maps", points=1, hint="Check the row and the column; what is between rows is not yours.")
def test_map2d_of_any_shape(student, rng):
    """One element, one row, one column, no row; NaN between the rows, or none behind."""
    shapes = ((1, 1, 1), (1, 100, 101), (70, 3, 5), (0, 4, 4), (64, 64, 64), (13, 33, 40))
    for rows, cols, pitch in shapes:
        memory = np.full((rows, pitch), np.nan, np.float32)
        memory[:, :cols] = rng.normal(size=(rows, cols))
        memory[1:2, :1], memory[2:3, :1] = np.inf, -np.inf
        ends = rows * pitch, max(0, (rows - 1) * pitch + cols)
        for order, end in zip(orders(rng), ends, strict=False):
            x = memory.reshape(-1)[:end].copy()
            inputs = {"x": x, "rows": rows, "cols": cols, "pitch": pitch}
            with case(f"rows={rows}, cols={cols}, pitch={pitch}, x.size={end}, order={order}"):
                got = performed(
                    student.kernel(FILE, "map2d"), {"out": unwritten(rows * cols)}, inputs, order
                )
                assert_equal(got["arrays"]["out"], np.maximum(memory[:, :cols], 0).reshape(-1))


@exercise("maps", points=1, hint="The stride of the loop is the whole grid, not a block.")
def test_axpby_traffic_on_a_small_grid(student, rng):
    """Four blocks of 64 threads: all points for 1.05 times the least sectors, half for twice."""
    n = 4096
    a, b = rng.normal(size=(2, n)).astype(np.float32)
    got = student.kernel(FILE, "axpby").launch(4, 64, unwritten(n), a, b, 2.0, -3.0)
    assert_equal(got["hazards"], [])
    assert_near(got["arrays"][0], 2.0 * a.astype(float) - 3.0 * b)
    loads, stores = (got["counters"][f"global_{way}_sectors"] for way in ("load", "store"))
    award(rung(max(loads / 2, stores), 1.05 * n / 8, 2 * n / 8))


@exercise("maps", points=1, hint="Neighbouring threads must take neighbouring columns.")
def test_map2d_is_coalesced(student, rng):
    """Rows that begin at sectors: all points for 1.05 times the least sectors, half for twice."""
    rows, cols, pitch = 24, 64, 72
    x = rng.normal(size=(rows, pitch)).astype(np.float32)
    inputs = {"x": x.reshape(-1), "rows": rows, "cols": cols, "pitch": pitch}
    got = performed(student.kernel(FILE, "map2d"), {"out": unwritten(rows * cols)}, inputs)
    assert_equal(got["arrays"]["out"], np.maximum(x[:, :cols], 0).reshape(-1))
    sectors = max(got["traffic"]["x"]["load_sectors"], got["traffic"]["out"]["store_sectors"])
    award(rung(sectors, 1.05 * rows * cols / 8, 2 * rows * cols / 8))

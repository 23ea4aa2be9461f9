"""Bonuses B2 and B3, hidden."""

import numpy as np

from autograder.judge import assert_close, award, case, exercise, orders, performed, rung, unwritten

FILE = "kernels/bonus.py"


def warp_sums(student, x, warps, order=None):
    """Return what came of warp_sum, which is right: the stretches of 32 go round the warps."""
    got = performed(student.kernel(FILE, "warp_sum"), {"out": unwritten(warps)}, {"x": x}, order)
    padded = np.zeros(-(-x.size // (32 * warps)) * 32 * warps)
    padded[: x.size] = x
    want = padded.reshape(-1, warps, 32).sum((0, 2))
    slack = 1e-6 * max(1.0, float(np.abs(x).sum()))
    assert_close(got["arrays"]["out"], want, rtol=0, atol=slack, dtype=np.float32)
    return got


def quantized(rng, rows, cols, group):
    """Return a matrix of 4-bit numbers, two columns a byte, with its scales; and the product."""
    w = rng.integers(-8, 8, (rows, cols))
    nibbles = np.pad((w & 15).astype(np.uint8), ((0, 0), (0, cols % 2)), constant_values=7)
    scales = rng.normal(size=(rows, -(-cols // group))).astype(np.float32)
    x = rng.normal(size=cols).astype(np.float32)
    packed = np.ascontiguousarray(nibbles[:, ::2] | (nibbles[:, 1::2] << 4))
    y = (w * np.repeat(scales.astype(float), group, axis=1)[:, :cols]) @ x.astype(float)
    return {"packed": packed, "scales": scales, "x": x, "group": group}, y


@exercise("warp_sum", points=1, hint="A warp without elements shuffles like all the others.")
def test_warp_sum_of_any_length(student, rng):
    """Nothing, one element, fewer stretches than warps, a warp that is not full."""
    for n, warps in ((0, 1), (1, 1), (31, 3), (1000, 5), (4097, 8), (33, 4)):
        x = rng.normal(size=n).astype(np.float32)
        for order in orders(rng) if n == 1000 else (None,):
            with case(f"{n} elements, {warps} warps, order={order}", x=x):
                warp_sums(student, x, warps, order)


@exercise("warp_sum", points=1, hint="Five shuffles add up 32 lanes.")
def test_warp_sum_costs(student, rng):
    """4096 elements by 5 warps, each read once, without barriers, atomics and shared memory.

    Half of the points for at most 1.05 times the least sectors; half for five shuffles in each warp
    of the launch, a quarter for ten.
    """
    x = rng.normal(size=4096).astype(np.float32)
    got = warp_sums(student, x, 5)
    counts, traffic, (launch,) = got["counters"], got["traffic"]["x"], got["launches"]
    used = counts["barriers"] + counts["atomic_requests"]
    used += counts["shared_load_requests"] + counts["shared_store_requests"]
    assert used <= 0, "there is shared memory, an atomic or a barrier"
    assert traffic["load_elements"] <= 4096, f"{traffic['load_elements']:g} loads of 4096"
    warps = int(np.prod(launch["grid"])) * -(-int(np.prod(launch["block"])) // 32)
    sectors = traffic["load_sectors"] <= 1.05 * 4096 / 8
    award((sectors + rung(counts["shuffles"], 5 * warps, 10 * warps)) / 2)


@exercise("int4_gemv", points=2, hint="A group may end within a byte; a row within one, too.")
def test_int4_gemv_of_any_size(student, rng):
    """Odd numbers of columns and of a group's, one element, no row; orders of the blocks."""
    plan = ((1, 1, 1), (5, 7, 3), (33, 130, 32), (3, 64, 64), (4, 99, 5), (0, 6, 2), (2, 500, 7))
    for rows, cols, group in plan:
        inputs, y = quantized(rng, rows, cols, group)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, groups of {group}, order={order}", **inputs):
            got = performed(
                student.kernel(FILE, "int4_gemv"), {"y": unwritten(rows)}, inputs, order
            )
            slack = 1e-5 * max(1.0, np.abs(y).max(initial=0))
            assert_close(got["arrays"]["y"], y, rtol=0, atol=slack, dtype=np.float32)


@exercise("int4_gemv", points=1, hint="A lane takes every 32nd byte of the row of its warp.")
def test_int4_gemv_traffic(student, rng):
    """16 rows of 512 columns, each byte read once, without barriers.

    Sectors of the packed matrix: at most 1.1 times the least, half of the points for twice.
    """
    inputs, y = quantized(rng, 16, 512, 64)
    got = performed(student.kernel(FILE, "int4_gemv"), {"y": unwritten(16)}, inputs)
    assert_close(got["arrays"]["y"], y, rtol=0, atol=1e-5 * np.abs(y).max(), dtype=np.float32)
    assert got["counters"]["barriers"] <= 0, "there is a barrier"
    packed, size = got["traffic"]["packed"], 16 * 256
    assert packed["load_elements"] <= size, f"{packed['load_elements']:g} loads of {size} bytes"
    award(rung(packed["load_sectors"], 1.1 * size / 32, 2 * size / 32))

"""Bonuses B2 and B3, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise, performed, unwritten

FILE = "kernels/bonus.py"


def warp_sums(student, x, warps):
    """Return what came of warp_sum, which is right: the stretches of 32 go round the warps."""
    got = performed(student.kernel(FILE, "warp_sum"), {"out": unwritten(warps)}, {"x": x})
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


@exercise("warp_sum", points=1, hint="Stretch s of 32 elements belongs to warp s % out.size.")
def test_warp_sum_example(student, rng):
    """Sums of about a thousand elements by 5 warps, without shared memory and barriers."""
    x = rng.normal(size=int(rng.integers(900, 1100))).astype(np.float32)
    with case("5 warps", x=x):
        counts = warp_sums(student, x, 5)["counters"]
    used = counts["shared_load_requests"] + counts["shared_store_requests"] + counts["barriers"]
    assert used <= 0, "there is shared memory, or a barrier"


@exercise(
    "int4_gemv", points=1, hint="The low four bits are the even column; 8 to 15 mean -8 to -1."
)
def test_int4_gemv_example(student, rng):
    """Five rows of 64 columns, in groups of 16."""
    inputs, y = quantized(rng, 5, 64, 16)
    with case("5 rows of 64 columns, groups of 16", **inputs):
        got = performed(student.kernel(FILE, "int4_gemv"), {"y": unwritten(5)}, inputs)
        slack = 1e-5 * np.abs(y).max()
        assert_close(got["arrays"]["y"], y, rtol=0, atol=slack, dtype=np.float32)

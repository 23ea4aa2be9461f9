"""Matrix products beside NumPy, what they refuse, and what the banks of the Unified Buffer cost."""

import re

import numpy as np
import pytest

from labkit import npu
from tests.npu_kernels.catalogue import FOLDER
from tests.unit.labkit.npu.conftest import built

pytestmark = pytest.mark.usefixtures("parts")
FIELDS = re.findall(
    r"int32_t, (\w+)", (npu.INCLUDE / "kernel_tiling" / "kernel_tiling.h").read_text()
)
HEAD, REPEATS = 22, 64  # cycles of a vector instruction; repeats of 4096 floats


@pytest.fixture(scope="module")
def lib(parts):
    return built(FOLDER / "matmul.cpp")


def tiling(m, n, k, **more):
    whole = {"M": m, "N": n, "Ka": k, "Kb": k}
    core = {"singleCoreM": m, "singleCoreN": n, "singleCoreK": k, "baseM": 16, "baseN": 32}
    fields = whole | core | more
    return np.array([fields.get(name, 0) for name in FIELDS], np.int32)


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("shape", [(33, 50, 70), (1, 1, 1), (16, 32, 16)])
def test_halfs_are_summed_in_float(lib, shape, order):
    m, n, k = shape
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=size).astype(np.float16) for size in ((m, k), (k, n)))
    bias, c = rng.normal(size=n).astype(np.float32), np.zeros((m, n), np.float32)
    report = lib.launch("of_halfs", 1, a, b, bias, c, tiling=tiling(m, n, k, iterateOrder=order))
    assert report.diagnostics == []
    assert report.matmuls > 0
    want = a.astype(np.float64) @ b.astype(np.float64) + bias
    np.testing.assert_allclose(c, want, rtol=1e-5, atol=1e-5)


def test_bytes_are_summed_exactly(lib):
    rng = np.random.default_rng(1)
    a, b = (rng.integers(-128, 128, size, np.int8) for size in ((20, 300), (300, 40)))
    bias, c = rng.integers(-9, 9, 40, np.int32), np.zeros((20, 40), np.int32)
    assert lib.launch("of_bytes", 1, a, b, bias, c, tiling=tiling(20, 40, 300)).ok
    np.testing.assert_array_equal(c, a.astype(np.int32) @ b.astype(np.int32) + bias)


def test_blocks_go_through_the_unified_buffer_on_several_cores(lib):
    rng = np.random.default_rng(2)
    a, b = (rng.normal(size=size).astype(np.float16) for size in ((80, 24), (64, 24)))
    c = np.zeros((80, 64), np.float32)
    report = lib.launch("leaky", 3, a, b, c, tiling=tiling(80, 64, 24, singleCoreM=32))
    assert report.diagnostics == []
    want = a.astype(np.float64) @ b.astype(np.float64).T
    np.testing.assert_allclose(c, np.where(want < 0, want / 2, want), rtol=1e-5, atol=1e-5)
    assert report.copies["MTE3"] == 10


def test_a_product_is_added_by_the_atomic_form(lib):
    a, b = np.full((20, 8), 2, np.float16), np.ones((8, 40), np.float16)
    c = np.full((20, 40), 5, np.float32)
    assert lib.launch("added", 1, a, b, c, tiling=tiling(20, 40, 8)).diagnostics == []
    assert (c == 21).all()


def test_a_product_beyond_its_matrices_is_told(lib):
    a, b = np.zeros((8, 8), np.float16), np.zeros((8, 8), np.float16)
    bias, c = np.zeros(8, np.float32), np.zeros((8, 8), np.float32)
    told = lib.launch("of_halfs", 1, a, b, bias, c, tiling=tiling(9, 8, 8)).diagnostics
    assert [one.code for one in told] == ["GM_OOB"]
    assert told[0].message.startswith("Matmul's A")
    told = lib.launch("of_halfs", 1, a, b, bias, c, tiling=tiling(8, 8, 8, Ka=4)).diagnostics
    assert [one.code for one in told] == ["MATMUL_SHAPE"]


def busy(report):
    return report.launches[0].cores[0].pipes["V"].busy


# The vendor measured 86 cycles without a conflict and 150 with one.
@pytest.mark.parametrize("apart, cycles", [(0, 2), (256, 1), (128, 2), (512, 2)])
def test_sources_in_one_group_of_banks_take_turns(lib, apart, cycles):
    y = np.zeros(4096, np.float32)
    report = lib.launch("add_apart", 1, y, apart)
    assert report.diagnostics == [] and (y == 3).all()
    assert busy(report) - 2 * (HEAD + REPEATS) == HEAD + cycles * REPEATS


@pytest.mark.parametrize("stride, cycles", [(1, 1), (8, 4), (16, 8), (3, 1), (0, 1)])
def test_blocks_of_a_repeat_in_one_group_take_turns(lib, stride, cycles):
    report = lib.launch("strided", 1, np.zeros(64, np.float32), stride)
    assert report.diagnostics == []
    assert busy(report) - (HEAD + REPEATS) == HEAD + cycles

"""Correct kernels give what NumPy says, and nothing is told of them."""

from functools import cache

import numpy as np
import pytest

from labkit import npu
from tests.npu_kernels.case import CORRECT, Array, Case
from tests.npu_kernels.catalogue import CASES

built = cache(npu.build)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_correct_kernel_is_right_and_nothing_is_told(case: Case) -> None:
    arguments = case.inputs(np.random.default_rng(8))
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    report = built(case.path).launch(
        case.kernel, case.blocks, *arguments, tiling=case.tiling, key=case.key
    )
    assert [str(found) for found in report.diagnostics] == []
    for argument, before, right in zip(arguments, copies, case.expected(*copies), strict=True):
        agree(argument, before if right is None else right, case.tolerance)


def agree(argument: object, right: object, tolerance: float) -> None:
    wanted = np.asarray(right)
    got = np.asarray(argument)
    if tolerance:
        np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)
    else:
        np.testing.assert_array_equal(got, wanted.astype(got.dtype))


@pytest.mark.parametrize("dtype", [np.float16, np.int32])
def test_a_file_launches_its_own_templates(dtype: type) -> None:
    x: Array = np.arange(-512, 512).astype(dtype)
    y = np.zeros_like(x)
    report = built(CORRECT / "run_kernel.cpp").run(x, y, x.size, 8 * x.itemsize, 4)
    assert [str(found) for found in report.diagnostics] == []
    np.testing.assert_array_equal(y, x * x.dtype.type(3))
    assert report.bytes["MTE2"] == x.nbytes


def test_there_are_many_correct_kernels() -> None:
    assert len({case.kernel for case in CASES}) >= 20

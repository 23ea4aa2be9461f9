"""Each code is told of a kernel that is wrong in that way, at the line that is to blame."""

from functools import cache

import numpy as np
import pytest

from labkit import npu
from tests.npu_kernels.expectations import REFUSED, TOLD, WRONG, Expectation

built = cache(npu.build)


def diagnostics(kernel: str, path: object, blocks: int) -> list[npu.Diagnostic]:
    x = np.linspace(-1, 1, 1024, dtype=np.float32)
    try:
        return built(path).launch(kernel, blocks, x, x.copy()).diagnostics
    except npu.RunError as error:
        return [] if error.report is None else error.report.diagnostics


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_it_is_told_at_its_line(told: Expectation) -> None:
    found = diagnostics(told.kernel, told.path, told.blocks)
    assert (told.code, told.line) in [(each.code, each.line) for each in found], [*map(str, found)]


@pytest.mark.parametrize("told", REFUSED, ids=str)
def test_it_does_not_build(told: Expectation) -> None:
    with pytest.raises(npu.BuildError) as refused:
        npu.build(told.path)
    assert (told.code, told.line) in [(each.code, each.line) for each in refused.value.errors]


def test_what_two_cores_write_alike_is_a_warning() -> None:
    found = diagnostics("overlapping_tail", WRONG / "memory.cpp", 2)
    assert {each.severity for each in found if each.code == "GM_CORE_CONFLICT"} == {"warning"}
    found = diagnostics("no_block_offset", WRONG / "memory.cpp", 4)
    assert {each.severity for each in found if each.code == "GM_CORE_CONFLICT"} == {"error"}


def test_only_the_values_tell_of_a_tile_that_never_moves() -> None:
    x = np.linspace(-1, 1, 1024, dtype=np.float32)
    y = np.zeros_like(x)
    report = built(WRONG / "memory.cpp").launch("no_progress", 1, x, y)
    assert not report.diagnostics
    np.testing.assert_array_equal(y, np.tile(np.abs(x[:256]), 4))

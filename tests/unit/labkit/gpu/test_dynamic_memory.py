"""Dynamic shared memory: the launch says how large it is, and all arrays in it are one."""

from typing import Any

import numpy as np
import pytest

from labkit import gpu
from labkit.gpu.run import Run

HEAD = """from numba import cuda, float32, int32
@cuda.jit
def k(out, x):
    t, i = cuda.threadIdx.x, cuda.grid(1)
"""


def launch(*body: str, shared_bytes: int, block: int = 32, grid: int = 1) -> Any:
    source = HEAD + "".join(f"    {line}\n" for line in body)
    out, x = np.zeros(128, np.float32), np.arange(128, dtype=np.float32)
    kernel = gpu.load(source)["k"]
    return gpu.launch(kernel, grid, block, out, x, shared_bytes=shared_bytes), out


USED = ["s = cuda.shared.array(0, float32)", "s[t] = x[i]", "out[i] = s[t]"]


def test_it_is_as_large_as_the_launch_says_and_each_block_has_its_own() -> None:
    report, out = launch(*USED, "out[i] += s.shape[0]", shared_bytes=130, grid=4)
    assert (report.ok, report.counters["shared_bytes_per_block"]) == (True, 130)
    assert list(out) == [i + 32 for i in range(128)]


def test_an_index_beyond_it_is_outside() -> None:
    report, _ = launch(*USED, shared_bytes=124)
    (first, *_) = report.hazards
    assert (first.kind, first.threads) == ("out_of_bounds", ((0, 31),))


def test_a_launch_without_it_says_what_is_missing() -> None:
    report, _ = launch(*USED, shared_bytes=0)
    assert "shared_bytes" in report.hazards[0].message


def test_arrays_in_it_share_their_races() -> None:
    body = ["a = cuda.shared.array(0, float32)", "b = cuda.shared.array(shape=0, dtype=float32)"]
    body += ["a[t] = x[i]", "out[i] = b[31 - t]"]
    report, _ = launch(*body, shared_bytes=128)
    assert {hazard.kind for hazard in report.hazards} == {"race"}


def test_it_counts_against_the_limit_together_with_static_memory() -> None:
    body = [*USED, "z = cuda.shared.array(12000, float32)", "z[t] = 1"]
    report, _ = launch(*body, shared_bytes=2048)
    assert [hazard.kind for hazard in report.hazards] == ["resource"]


def test_two_dtypes_are_outside_the_subset() -> None:
    with pytest.raises(gpu.SubsetError, match="two dtypes"):
        launch(*USED, "z = cuda.shared.array(0, int32)", "z[t] = 1", shared_bytes=128)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        launch(*USED, shared_bytes=-4)


def test_batches_hold_fewer_blocks_when_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    class Logged(Run):
        def __init__(self, grid: Any, first: int, blocks: int, *others: Any) -> None:
            sizes.append(blocks)
            super().__init__(grid, first, blocks, *others)

    monkeypatch.setattr("labkit.gpu.machine.BATCH_BYTES", 4096)
    monkeypatch.setattr("labkit.gpu.machine.Run", Logged)
    launch(*USED, shared_bytes=1024, grid=4)
    launch(*USED, shared_bytes=2048, grid=4)
    assert sizes == [4, 2, 2]

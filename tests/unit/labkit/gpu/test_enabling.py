"""Plain launches of numba.cuda kernels, where there is no GPU."""

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from numba import config, cuda, float32

from labkit import gpu


@pytest.fixture(autouse=True)
def enabled() -> Iterator[None]:
    gpu.enable(beside_a_gpu=True)
    yield
    gpu.disable()


@cuda.jit
def double(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i] * float32(2)


@cuda.jit
def reverse(out, x):
    tile = cuda.shared.array(0, float32)
    tile[cuda.threadIdx.x] = x[cuda.threadIdx.x]
    cuda.syncthreads()
    out[cuda.threadIdx.x] = tile[cuda.blockDim.x - 1 - cuda.threadIdx.x]


@cuda.jit
def astray(out):
    out[cuda.grid(1) + 1] = 1


X = np.arange(40, dtype=np.float32)


def test_a_launch_writes_into_the_arrays_and_is_counted() -> None:
    out = np.zeros_like(X)
    assert double[2, 32](out, X) is None
    np.testing.assert_array_equal(out, 2 * X)
    report = gpu.last_report()
    assert (report.kernel, report.grid, report.block) == ("double", (2, 1, 1), (32, 1, 1))
    assert report.counters["global_load_sectors"] == 5


def test_arrays_of_the_device_are_copies_until_they_are_copied_back() -> None:
    x = X.copy()
    there = cuda.to_device(x)
    out = cuda.device_array_like(there)
    x[:] = 0
    double[2, 32](out, there)
    cuda.synchronize()
    np.testing.assert_array_equal(out.copy_to_host(), 2 * X)
    into = np.empty_like(X)
    assert out.copy_to_host(into) is into
    np.testing.assert_array_equal(into, 2 * X)
    there.copy_to_device(out)
    assert (there[3], len(there), there.size, there.ndim) == (6, 40, 40, 1)


def test_a_copy_of_another_size_or_dtype_is_refused_as_on_a_device() -> None:
    there = cuda.to_device(X)
    for other in (np.zeros((3, 40), np.float32), np.zeros(1, np.float32), np.zeros(40)):
        with pytest.raises(ValueError, match="a copy of"):
            there.copy_to_host(other)
        with pytest.raises(ValueError, match="a copy of"):
            there.copy_to_device(other)


def test_a_view_of_a_device_array_is_the_same_memory() -> None:
    there = cuda.to_device(np.zeros((4, 10), np.float32))
    double[1, 32](there[2], cuda.to_device(X[:10]))
    np.testing.assert_array_equal(there.copy_to_host()[2], 2 * X[:10])
    np.testing.assert_array_equal(there.T.copy_to_host()[:, 2], 2 * X[:10])
    there[0] = 7
    assert there.reshape(40)[9] == there.ravel()[9] == 7


def test_new_device_memory_is_nothing_to_rely_on() -> None:
    assert np.isnan(cuda.device_array((2, 3), np.float32).copy_to_host()).all()
    assert cuda.pinned_array(5, np.int32).shape == (5,)


def test_a_stream_and_shared_bytes_are_taken() -> None:
    out, stream = np.zeros(32, np.float32), cuda.stream()
    reverse[1, 32, stream, 128](out, X[:32].copy())
    with stream.auto_synchronize(), cuda.pinned(out):
        stream.synchronize()
    np.testing.assert_array_equal(out, X[31::-1])


def test_forall_covers_all_elements() -> None:
    out = np.zeros(300, np.float32)
    double.forall(300)(out, np.ones(300, np.float32))
    assert (out == 2).all()
    double.forall(300, tpb=32)(out, np.ones(300, np.float32))
    assert gpu.last_report().block == (32, 1, 1)
    double.forall(0)(out, out)


def test_hazards_are_warnings() -> None:
    with pytest.warns(gpu.HazardWarning, match=r"out_of_bounds.*block 0 thread 31"):
        astray[1, 32](np.zeros(32))
    assert not gpu.last_report().ok


def test_a_cell_that_is_run_again_warns_again() -> None:
    cell = compile("astray[1, 32](np.zeros(32))", "cell", "exec")
    space = {"astray": astray, "np": np}
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        gpu.enable(beside_a_gpu=True)
        for _ in range(3):
            exec(cell, space)
    assert [warning.category for warning in seen] == [gpu.HazardWarning] * 3


def test_a_right_launch_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        double[2, 32](np.zeros_like(X), X)


def test_strict_launches_raise_and_keep_the_report() -> None:
    gpu.enable(strict=True, beside_a_gpu=True)
    with pytest.raises(gpu.KernelError, match="out_of_bounds"):
        astray[1, 32](np.zeros(32))
    assert gpu.last_report().kernel == "astray"


def test_a_decorator_with_types_compiles_nothing() -> None:
    @cuda.jit("void(float32[:])")
    def ones(out):
        out[cuda.grid(1)] = float32(1)

    out = np.zeros(32, np.float32)
    ones[1, 32](out)
    assert out.sum() == 32


def test_there_is_no_time() -> None:
    start, end = cuda.event(), cuda.event()
    start.record()
    with pytest.raises(RuntimeError, match="model_cycles"):
        start.elapsed_time(end)


def test_disable_puts_all_back() -> None:
    gpu.disable()
    before = cuda.jit, cuda.to_device, type(double).configure, type(double).forall
    gpu.enable(beside_a_gpu=True)
    gpu.enable(beside_a_gpu=True)
    assert cuda.to_device is not before[1]
    gpu.disable()
    assert (cuda.jit, cuda.to_device, type(double).configure, type(double).forall) == before


def test_a_real_gpu_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "is_available", lambda: True)
    gpu.disable()
    before = type(double).configure
    gpu.enable()
    assert type(double).configure is before
    gpu.enable(beside_a_gpu=True)
    assert type(double).configure is not before


def test_numbas_own_simulator_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "ENABLE_CUDASIM", 1)
    with pytest.raises(RuntimeError, match="unset it"):
        gpu.enable()


def test_before_any_launch_there_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labkit.gpu.enabling._found", [])
    with pytest.raises(LookupError, match=r"gpu.enable\(\)"):
        gpu.last_report()

"""Launches from Python: arguments, outcomes, and that a bad kernel harms nothing but itself."""

import ctypes
import zlib
from pathlib import Path

import numpy as np
import pytest

from labkit import npu
from labkit.npu import recording, trace
from tests.npu_kernels.case import CORRECT
from tests.unit.labkit.npu.conftest import HERE

pytestmark = pytest.mark.usefixtures("parts")
MEMORY, RUBBISH, WRITE, CHILD, PRINT, EXIT, LAUNCH = range(7)


def arrays(n=128):
    return np.arange(n, dtype=np.float32), np.zeros(n, dtype=np.float32)


def test_arrays_are_written_in_place(launching):
    x, y = arrays()
    report = launching.launch("scale", 2, x, y, 64, 1.5)
    np.testing.assert_array_equal(y, x * 1.5)
    assert report.ok and len(report.cycles) == 2 and report.exit_code == 0
    assert report.bytes["MTE2"] == report.bytes["MTE3"] == x.nbytes
    assert "scale" in launching.kernels


class Tiling(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint32), ("factor", ctypes.c_float))


RECORD = np.array((64, 2.5), dtype=[("length", "<u4"), ("factor", "<f4")])


@pytest.mark.parametrize("tiling", [Tiling(64, 2.5), bytes(Tiling(64, 2.5)), RECORD[()]])
@pytest.mark.parametrize("kernel", ["scale_tiled", "scale_by_struct"])
def test_tiling_is_any_struct_in_memory_or_by_value(launching, kernel, tiling):
    x, y = arrays()
    launching.launch(kernel, 2, x, y, tiling=tiling)
    np.testing.assert_array_equal(y, x * 2.5)


def test_a_struct_is_an_argument_too(launching):
    x, y = arrays()
    launching.launch("scale_by_struct", 2, x, y, Tiling(64, 3.0))
    np.testing.assert_array_equal(y, x * 3)


def test_run_kernel_launches_by_itself(launching):
    x = np.arange(128, dtype=np.float32)
    report = launching.run(x, LAUNCH)
    np.testing.assert_array_equal(x[64:], x[:64] * 3)
    assert [launch.kernel for launch in report.launches] == ["scale"]


def test_diagnostics_have_the_students_lines(launching):
    text = (HERE / "launching.cpp").read_text().splitlines()
    report = launching.launch("unsynchronised", 1, *arrays(64))
    race = next(found for found in report.diagnostics if found.code == "RACE_RAW")
    assert not report.ok and race.file == "launching.cpp"
    assert "Muls(loaded, loaded" in text[race.line - 1]
    assert race.other_line is not None and "DataCopy(loaded" in text[race.other_line - 1]


@pytest.mark.parametrize(
    ("argument", "error", "text"),
    [
        (np.zeros(4), TypeError, "float64 is no type of the NPU's"),
        (np.zeros((8, 8), np.float32)[:, ::2], ValueError, "not contiguous"),
        (np.frombuffer(bytes(16), np.float32), ValueError, "read-only"),
        (np.array(1.0, np.float32), ValueError, "no dimension"),
        (np.zeros(4, ">f4"), ValueError, "byte order"),
        ([1, 2], TypeError, "argument 1 is a list"),
        (None, TypeError, "argument 1 is a NoneType"),
    ],
)
def test_arguments_that_no_kernel_takes(launching, argument, error, text):
    with pytest.raises(error, match=text):
        launching.launch("scale", 1, argument)


def test_arrays_that_share_memory_are_refused(launching):
    x, _ = arrays()
    with pytest.raises(ValueError, match="argument 2 shares memory with argument 1"):
        launching.launch("scale", 1, x, x[64:], 64, 1.0)


def test_a_template_is_launched_by_the_files_own_function():
    library = npu.build(CORRECT / "run_kernel.cpp")
    name = next(one.name for _, one in library._source.kernels if one.template)
    with pytest.raises(npu.LaunchError, match=f"{name} is a template.* run_kernel"):
        library.launch(name, 1)


def test_half_a_block_is_no_number_of_blocks(launching):
    with pytest.raises(TypeError, match="float"):
        launching.launch("scale", 1.5, *arrays(), 64, 1.5)


@pytest.mark.parametrize(
    ("name", "blocks", "arguments", "text"),
    [
        ("missing", 1, (), "no kernel called missing"),
        ("scale", 1, (), "scale takes 4 arguments, 0 were given"),
        ("scale", 0, (*arrays(), 64, 1.0), "block"),
        ("scale", 1, (*arrays(), -1, 1.0), "argument 3"),
        ("scale\nblocks 3", 1, (), "one word"),
    ],
)
def test_the_callers_mistakes(launching, name, blocks, arguments, text):
    with pytest.raises(npu.LaunchError, match=text):
        launching.launch(name, blocks, *arguments)


def works(library):
    x, y = arrays()
    assert library.launch("scale", 2, x, y, 64, 2.0).ok and y[5] == 10


def test_a_crash_tells_what_came_before(launching):
    x = np.zeros(128, dtype=np.float32)
    with pytest.raises(npu.KernelCrashed, match="SIGSEGV") as caught:
        launching.launch("crash", 1, x)
    assert caught.value.report is not None
    assert next(found.code for found in caught.value.report.diagnostics) == "COPY_NOT_32B"
    (core,) = caught.value.report.launches[0].cores
    assert (core.ended, core.copies["MTE3"]) == ("never", 1) and core.cycles > 0
    works(launching)


def test_a_kernel_without_end(launching):
    with pytest.raises(npu.KernelTimeout, match=r"longer than 0\.2 s") as caught:
        launching.launch("spin", 1, arrays()[0], timeout=0.2)
    assert caught.value.report.launches[0].kernel == "spin"  # what came before is kept
    works(launching)


def test_a_trace_without_end(launching, monkeypatch):
    monkeypatch.setattr(recording, "TRACE_BYTES", 1 << 20)
    with pytest.raises(npu.RunError, match="loop"):
        launching.launch("issue_for_ever", 1, arrays()[0])
    works(launching)


def test_more_memory_than_there_is(launching, monkeypatch):
    monkeypatch.setattr(recording, "MEMORY", 512 << 20)
    with pytest.raises(npu.KernelMemory):
        launching.run(arrays()[0], MEMORY)
    works(launching)


@pytest.mark.parametrize("what", [RUBBISH, WRITE])
def test_what_is_no_trace(launching, what):
    x, _ = arrays()
    with pytest.raises(npu.TraceError, match="damaged"):
        launching.run(x, what)
    works(launching)


def test_a_child_that_stays_is_ended(launching):
    launching.run(arrays()[0], CHILD)
    works(launching)


def test_what_is_printed_is_kept_up_to_a_limit(launching):
    report = launching.run(arrays()[0], PRINT)
    assert report.output.startswith("a line") and len(report.output) == 64 << 10


def test_a_process_that_ends_itself(launching):
    with pytest.raises(npu.KernelCrashed, match=r"status 7|exit"):
        launching.run(arrays()[0], EXIT)


def test_a_program_with_its_own_main():
    report = npu.run_program(HERE / "launching.cpp", ("somebody",), stdin=b"a line\n")
    assert report.output == "somebody reads a line\n" and report.exit_code == 5
    (read,) = report.reads
    np.testing.assert_array_equal(np.frombuffer(read, np.float32), np.arange(64) * 2.0)


def test_a_trace_is_replayed_on_other_arrays(launching):
    x, y = arrays()
    recorded = launching.record("scale", 2, x, y, 64, 2.0)
    assert not y.any()
    other = -x
    report = npu.replay(recorded, other, y)
    assert report.ok
    np.testing.assert_array_equal(y, x * -2)
    assert npu.replay(recorded.data, x, y, soc="910B4").soc == "910B4"
    assert npu.replay(recorded, x, y, launch=("scale", 2)).host_bytes == 0
    with pytest.raises(npu.TraceError, match="something else was launched"):
        npu.replay(recorded, x, y, launch=("scale", 1))


def test_a_trace_of_a_crash_is_worth_its_beginning(launching):
    with pytest.raises(npu.KernelCrashed) as caught:
        launching.record("crash", 1, arrays()[0])
    assert caught.value.trace is not None
    with pytest.raises(npu.RunError) as again:
        npu.replay(caught.value.trace, arrays()[0])
    assert again.value.report.launches[0].kernel == "crash"


@pytest.mark.parametrize("data", [b"", b"rubbish", zlib.compress(b"rubbish"), zlib.compress(b"")])
def test_what_is_no_recorded_trace(data):
    with pytest.raises(npu.TraceError):
        npu.replay(data)


def test_a_trace_that_unpacks_to_too_much(launching, monkeypatch):
    monkeypatch.setattr(trace, "TRACE_BYTES", 1 << 20)
    with pytest.raises(npu.TraceError):
        npu.replay(zlib.compress(bytes(64 << 20)))


def test_a_box_refuses_files_in_memory(launching, monkeypatch):
    def refused(*_):
        raise OSError("no such system call")

    monkeypatch.setattr("os.memfd_create", refused)
    works(launching)


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_stays_open(launching):
    works(launching)
    before = descriptors()
    works(launching)
    with pytest.raises(npu.KernelCrashed):
        launching.launch("crash", 1, arrays()[0])
    assert descriptors() == before

"""The recording process: what it records of kernels, and how it ends."""

import signal
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.unit.labkit.npu import recordings
from tests.unit.labkit.npu.conftest import HERE

SOURCE = HERE / "recording.cpp"
ARRAY = 0x100000010000  # where the first array lies
RETURNED, BLOCKED = (0,), (1,)


@pytest.fixture
def record(recorder):
    """Run the program of recording.cpp, by what it is asked for."""
    return partial(recordings.record, recorder)


def two_arrays(record):
    """Launch copy_element on [0, 1] and an array of zeros that begins at 4096."""
    x = np.arange(2, dtype=np.int32).tobytes()
    image = x.ljust(4096, b"\0") + bytes(8)
    return record("array 0 8", "array 4096 8", image=image, kernel="copy_element", blocks=2)


def test_a_launch_is_recorded_block_by_block(record):
    made = two_arrays(record)
    assert made.status == 0
    kinds = [kind for kind, _ in made.frames if kind != "file"]
    block = ["core", "instruction", "instruction", "core_end"]
    assert kinds == ["alloc", "alloc", "launch", *block, *block, "launch_end", "end"]
    assert made.of("launch") == [(2, 2, 0, "copy_element")]
    assert made.of("core") == [(0,), (1,)] and made.of("core_end") == [RETURNED, RETURNED]
    assert [(bytes_, array) for _, bytes_, array, _ in made.of("alloc")] == [(8, 1), (8, 2)]


def test_an_instruction_has_its_place_and_the_value_read(record):
    made = two_arrays(record)
    assert [Path(name).name for name in made.of("file")] == ["recording.cpp"]
    read, written = made.instructions()[2:]
    assert (read.scalar, written.scalar) == (1, 101)
    assert read.operand[0].address == ARRAY + 4 and read.operand[0].base == ARRAY
    line = SOURCE.read_text().splitlines()[read.line - 1]
    assert "issue(instruction, npu::here())" in line and read.file == 1


def test_two_runs_record_the_same_bytes(record):
    assert two_arrays(record).trace == two_arrays(record).trace


def test_blocks_meet_in_stretches(record):
    made = record("i64 -1", kernel="meet_twice", blocks=3)
    assert [block for (block,) in made.of("core")] == [0, 1, 2] * 3
    assert made.of("core_end") == [RETURNED] * 3
    assert len(made.instructions()) == 6


def test_blocks_wait_in_vain_for_one_that_ended(record):
    made = record("i64 1", kernel="meet_twice", blocks=3)
    assert [block for (block,) in made.of("core")] == [0, 1, 2, 0, 1, 2, 0, 2]
    assert made.of("core_end") == [RETURNED, BLOCKED, BLOCKED]
    assert made.frames[-1].kind == "end"


def test_more_blocks_than_cores_never_meet(record):
    made = record("i64 -1", kernel="meet_twice", blocks=49)
    assert made.of("core_end") == [BLOCKED] * 49


def test_a_block_that_waits_for_ever_ends(record):
    made = record(kernel="wait_for_ever", blocks=2)
    assert made.of("core_end") == [BLOCKED, BLOCKED] and made.frames[-1].kind == "end"


def test_values_come_as_their_parameters_are(record):
    given = ["i64 -128", "i64 18446744073709551615", "f64 0x1.8p+1", "i64 3", "i64 1"]
    made = record(*given, "bytes 0700000000000040", kernel="print_values")
    assert made.printed == "-128 18446744073709551615 3 3 1 7 2\n"


@pytest.mark.parametrize(
    ("place", "line", "says"),
    [
        (0, "i64 128", "argument 1 has to be in the range"),
        (0, "i64 -129", "argument 1 has to be in the range"),
        (1, "i64 -1", "argument 2 has to be in the range"),
        (1, "f64 1.0", "argument 2 has to be an integer"),
        (2, "i64 70000", "argument 3 has to be in the range"),
        (2, "bytes 0000", "argument 3 has to be a number"),
        (4, "i64 2", "argument 5 has to be in the range"),
        (5, "bytes 00", "argument 6 is a struct of 8 bytes; 1 were given"),
        (5, "i64 3", "argument 6 is a struct of 8 bytes"),
        (5, "", "print_values takes 6 arguments, 5 were given"),
    ],
)
def test_arguments_that_do_not_fit_are_faults(record, place, line, says):
    given = ["i64 1", "i64 1", "f64 1", "f64 1", "i64 1", "bytes 0000000000000000"]
    given[place] = line
    made = record(*filter(None, given), kernel="print_values")
    assert says in made.fault and made.status == 3 and not made.of("launch")


def test_a_number_is_no_array(record):
    assert "argument 1 has to be an array" in record("i64 1", kernel="write_past_end").fault


def test_a_kernel_that_is_not_there_is_a_fault(record):
    assert record(kernel="nowhere").fault == "the file has no kernel called nowhere"


def test_an_array_beyond_the_image_is_a_fault(record):
    assert "cannot be brought" in record("array 0 64", kernel="write_past_end").fault


def test_a_request_that_nobody_knows_is_a_fault(record):
    assert 'the line "colour red"' in record("colour red", kernel="wait_for_ever").fault


def test_tiling_is_the_last_array_and_a_workspace_is_made(record):
    image = bytes(4096) + np.array([40, 8], np.uint32).tobytes()
    made = record("key 7", "array 0 64", "tiling 4096 8", image=image, kernel="print_tiling")
    assert made.printed == "40 8 1 1\n"
    assert [array for _, _, array, _ in made.of("alloc")] == [1, 0, 2]
    assert not made.of("host_write")


def test_tiling_by_value(record):
    image = bytes(4096) + np.array([40, 8], np.uint32).tobytes()
    made = record("array 0 64", "tiling 4096 8", image=image, kernel="take_tiling")
    assert made.printed == "40 8\n"


def test_the_last_struct_defined_is_the_tiling(record):
    image = np.array([9, 5 << 16], np.uint32).tobytes()
    assert record("tiling 0 8", image=image, kernel="print_described<uint8_t>").printed == "9 5\n"
    short = record("tiling 0 4", image=image, kernel="print_described<uint8_t>")
    assert "reads 8 bytes of tiling" in short.fault


def test_a_write_past_an_allocation_is_told_once(record):
    made = record("array 0 64", image=bytes(64), kernel="write_past_end", blocks=2)
    assert [each.scalar for each in made.instructions()] == [ARRAY + 64] * 2


def test_a_loop_without_end_stops_at_the_limit(record):
    made = record(kernel="never_stop", limit=100_000)
    assert "more than 100000 bytes of trace" in made.fault and made.status == 3
    assert 99_000 < len(made.trace) < 101_000


@pytest.mark.parametrize("kernel", ["crash", "recurse"])
def test_what_came_before_a_crash_is_kept(record, kernel):
    made = record("array 0 64", image=bytes(64), kernel=kernel)
    assert made.status == -signal.SIGSEGV
    assert made.instructions() and made.frames[-1].kind == "instruction"


def test_exit_inside_of_a_kernel_is_a_fault(record):
    made = record("array 0 64", image=bytes(64), kernel="leave")
    assert made.fault == "leave called exit()"


def test_a_kernel_launches_none(record):
    assert "is launched by a kernel" in record(kernel="launch_again").fault


def test_the_clock_ticks_at_50_mhz_of_model_cycles(record):
    made = record("array 0 64", image=bytes(64), kernel="print_ticks")
    assert made.printed == f"0 {740 * 11 * 50 // 1850}\n"  # 11 cycles an access


def test_run_kernel_gets_a_stream(record):
    given = ("array 0 8", "array 4096 8", "bytes 0700000000000000")
    made = record(*given, image=bytes(4104), mode="run")
    assert made.printed == "7 1\n" and made.of("launch") == [(2, 2, 0, "copy_element")]

"""The recording process: hosts of their own, and what they may not do."""

import subprocess
from collections import Counter
from functools import partial

import pytest

from tests.unit.labkit.npu import recordings


@pytest.fixture
def record(recorder):
    """Run the program of recording.cpp, by what it is asked for."""
    return partial(recordings.record, recorder)


def test_a_host_program_is_recorded(record):
    made = record(word="copy")
    assert made.printed == "0 0 0 0 0 0 0 0 0 105 106 "
    counted = Counter(kind for kind, _ in made.frames)
    kinds = ("alloc", "host_write", "host_fill", "launch", "host_read", "release", "end")
    assert [counted[kind] for kind in kinds] == [2, 1, 1, 1, 1, 1, 1]


def test_shared_memory_is_written_before_and_read_after_a_launch(record):
    made = record(word="twin")
    assert made.printed == "101 102 "
    (written,) = made.of("host_write")
    assert written[1] == b"\1\0\0\0\2\0\0\0" and len(made.of("host_read")) == 2


def test_misuse_of_the_host_interface_has_its_codes(record):
    codes = "107002 0 100002 107001 207001 0 107000 107000 107000 107000 107000 0 107000 0 107000"
    made = record(word="misuse")
    assert made.printed.split() == [*codes.split(), "107000"]
    assert [kind for kind, _ in made.frames] == ["alloc", "release", "end"]


def test_a_kernel_that_never_ends_times_out(record):
    assert record(word="stuck").printed == "0 507034 "


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("outside", "outside of a kernel"),
        ("no_blocks", "none is launched with 0 blocks"),
        ("touch", "plain pointer: use aclrtMemcpy"),
        ("cube", "not in the course subset"),
        ("no_tiling", "null pointer"),
    ],
)
def test_mistakes_of_a_host_are_faults(record, word, says):
    assert says in record(word=word).fault


def test_without_a_trace_everything_is_computed(recorder):
    ended = subprocess.run([recorder, "copy"], capture_output=True, text=True, check=True)
    assert ended.stdout.endswith("105 106 ")
    assert subprocess.run([recorder], capture_output=True, text=True).returncode == 2


def test_a_broken_rule_is_printed_where_nothing_is_recorded(recorder):
    ended = subprocess.run([recorder, "break_rules"], capture_output=True, text=True, check=True)
    first, second = ended.stderr.splitlines()
    assert "recording.cpp:" in first and "GM_" in first
    assert first.endswith("(block 0)") and second.endswith("(block 1)")


def test_memory_that_is_freed_can_be_had_again_and_holds_poison(record):
    made = record(word="read_fresh")
    assert made.printed == "0 0 0 0 0 7fe57fe57fe57fe5"
    (first, size), (second, _) = [each[:2] for each in made.of("alloc")]
    assert size == 60 << 30 and second > first + size


def test_a_trace_that_nobody_reads_ends_the_process(recorder):
    script = 'exec 7> >(exec true); sleep 0.1; NPU_TRACE_FD=7 "$1" copy'
    ended = subprocess.run(["bash", "-c", script, "-", recorder], capture_output=True, text=True)
    assert ended.returncode == 0 and not ended.stderr

"""Global memory: who may touch which bytes of it, by the byte, and what the host may."""

import struct

import numpy as np
import pytest

from tests.unit.labkit.npu.traces import (
    F32,
    FIRST,
    TILE,
    Recording,
    Replayed,
    gm,
    one_core,
    run,
    ub,
)

A = ub(0)
X, Y = gm(1), gm(2)

ONLY_READS = [("GM_UNWRITTEN", 0)]


def on_cores(parts, *bodies, sizes=(1024,)) -> Replayed:
    """Replay a launch with a block for each of `bodies`."""
    t = Recording()
    t.frame("file", b"kernel.cpp")
    t.arrays(*sizes)
    with t.launch(len(bodies)):
        for block, body in enumerate(bodies):
            with t.core(block):
                body(t)
    t.frame("end")
    arrays = [np.arange(size // 4, dtype=np.float32).tobytes() for size in sizes]
    return run(parts.replay, bytes(t.data), *arrays)


def padded(t: Recording, op: str, target, source, size: int) -> None:
    """DataCopyPad of `size` bytes."""
    t.issue(op, target, source, dtype=F32, detail=2, param=(1, size))


def writes(offset: int, size: int, value: float = 1):
    def body(t: Recording) -> None:
        bits = struct.unpack("<I", struct.pack("<f", value))[0]
        t.issue("duplicate", A, form=1, dtype=F32, count=64, scalar=bits)
        t.sync("V_MTE3")
        padded(t, "copy_out", gm(1, offset), A, size)

    return body


def reads(offset: int, size: int):
    def body(t: Recording) -> None:
        padded(t, "copy_in", A, gm(1, offset), size)

    return body


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        (writes(0, 100), writes(96, 100, 2), "error"),  # other bytes
        (writes(0, 100), writes(96, 100), "warning"),  # the same bytes
        (writes(0, 100), reads(96, 4), "error"),
        (reads(96, 4), writes(0, 100), "error"),
        (writes(0, 100), writes(100, 100, 2), None),  # neighbours within 32 bytes
        (writes(0, 100), reads(100, 4), None),
        (reads(0, 100), reads(0, 100), None),
    ],
)
def test_cores_do_not_wait_for_each_other(parts, first, second, severity):
    told = on_cores(parts, first, second).report["diagnostics"]
    conflicts = [one for one in told if one["code"] == "GM_CORE_CONFLICT"]
    assert [one["severity"] for one in conflicts] == ([] if severity is None else [severity])
    if severity:
        assert conflicts[0]["core"] == 1
        assert conflicts[0]["other_line"]


def test_sync_all_stands_between(parts):
    t = Recording()
    t.frame("file", b"kernel.cpp")
    t.arrays(1024)
    with t.launch(2):
        for block, body in enumerate((writes(0, 100), writes(100, 100))):
            with t.core(block, ends=False):
                body(t)
                t.issue("sync_all")
        for block, body in enumerate((reads(100, 100), writes(512, 100))):
            with t.core(block):
                body(t)
    t.frame("end")
    assert run(parts.replay, bytes(t.data), bytes(1024)).told == []


def test_atomics_of_several_cores_add_up(parts):
    def body(t: Recording) -> None:
        t.fill(A)
        t.sync("V_MTE3")
        t.issue("set_atomic", dtype=F32, detail=1)
        t.copy_out(X, A)
        t.issue("set_atomic")

    replayed = on_cores(parts, body, body, body, sizes=(TILE,))
    assert replayed.told == []
    np.testing.assert_array_equal(
        np.frombuffer(replayed.arrays[0], np.float32), np.arange(64, dtype=np.float32) + 3
    )


def test_a_launch_that_writes_nothing_is_told(parts):
    told = on_cores(parts, reads(0, 64), sizes=(1024, 64)).report["diagnostics"]
    assert [one["code"] for one in told] == ["GM_UNWRITTEN"]


@pytest.mark.parametrize(("hole", "told"), [(28, []), (32, ["GM_GAP"])])
def test_a_gap_in_an_output_is_told(parts, hole, told):
    def body(t: Recording) -> None:
        writes(0, 100)(t)
        padded(t, "copy_out", gm(1, 100 + hole), A, 100)

    assert [code for code, _ in on_cores(parts, body, sizes=(200 + hole,)).told] == told


def test_memory_that_nobody_wrote_is_told(parts):
    t = Recording()
    t.frame("file", b"kernel.cpp")
    place = gm(9)
    t.alloc(place.address, 1024)
    t.frame("host_write", struct.pack("<Q", place.address) + bytes(64))
    with t.launch(), t.core():
        padded(t, "copy_in", A, place, 64)
        padded(t, "copy_in", ub(512), gm(9, 32), 64)
    t.frame("end")
    one = run(parts.replay, bytes(t.data)).report["diagnostics"][0]
    assert (one["code"], one["severity"], one["line"]) == ("GM_UNINIT", "warning", 2)
    assert "[64,96)" in one["message"]


def test_what_the_host_reads_is_ours(parts):
    """A recording process that lies of what it read is found out, and gets our bytes."""
    t = Recording()
    place = gm(9)
    t.alloc(place.address, 64)
    t.frame("host_fill", struct.pack("<QQII", place.address, 64, 7, 0))
    t.frame("host_read", struct.pack("<QQQ", place.address, 64, 12345))
    t.frame("end")
    report = run(parts.replay, bytes(t.data)).report
    assert [one["code"] for one in report["diagnostics"]] == ["VALUE_MISMATCH"]
    assert report["reads"] == [{"offset": 0, "bytes": 64}]


def test_a_value_that_the_recording_made_up_is_told(parts):
    def body(t: Recording, scalar: int = 0) -> None:
        t.issue("get_global", X, dtype=F32, scalar=scalar)

    assert run(parts.replay, one_core(body, 64), bytes(64)).told == ONLY_READS
    lies = one_core(lambda t: body(t, 1), 64)
    assert run(parts.replay, lies, bytes(64)).told == [("VALUE_MISMATCH", 1)]


def test_out_of_an_allocation_is_out_of_bounds(parts):
    def body(t: Recording, count: int) -> None:
        t.copy_in(A, X, count)

    assert run(parts.replay, one_core(lambda t: body(t, 16), 64), bytes(64)).told == ONLY_READS
    told = run(parts.replay, one_core(lambda t: body(t, 24), 64), bytes(64)).told
    assert told == [("GM_OOB", 1)]


def test_what_the_recording_noticed_is_told(parts):
    def body(t: Recording) -> None:
        t.issue("assert_failed")
        t.issue("red_zone", scalar=FIRST)

    assert run(parts.replay, one_core(body)).told == [("ASSERT_FAILED", 1), ("GM_OOB", 2)]

"""A trace is decoded strictly: what no recording would write ends the replay there, and says so."""

import struct
from collections.abc import Callable

import pytest

from tests.unit.labkit.npu.traces import F32, OPS, TILE, Recording, gm, one_core, run, ub

A, X, Y = ub(0), gm(1), gm(2)


def copies(t: Recording) -> None:
    t.copy_in(A, X)
    t.sync("MTE2_MTE3")
    t.copy_out(Y, A)


WHOLE = one_core(copies, 1024, TILE)


def refused(parts, trace: bytes, *, options: tuple[str, ...] = ()) -> str:
    """Return why `trace` is refused."""
    report = run(parts.replay, trace, bytes(1024), bytes(TILE), options=options).report
    assert not report["complete"] or report["trace_error"]
    assert report["trace_error"]
    return report["trace_error"]


def test_a_whole_trace_is_complete(parts):
    report = run(parts.replay, WHOLE, bytes(1024), bytes(TILE)).report
    assert (report["complete"], report["trace_error"], report["diagnostics"]) == (True, None, [])


@pytest.mark.parametrize("cut", [0, 7, 15, 18, 30, len(WHOLE) - 9])
def test_what_came_before_a_cut_is_reported(parts, cut):
    """A recording process that was ended leaves such a trace: it is not complete."""
    report = run(parts.replay, WHOLE[:cut], bytes(1024), bytes(TILE)).report
    assert not report["complete"]
    assert len(report["launches"]) == (cut > 500)


def test_a_cut_between_frames_is_no_lie(parts):
    report = run(parts.replay, WHOLE[:-8], bytes(1024), bytes(TILE)).report
    assert (report["complete"], report["trace_error"]) == (False, None)


@pytest.mark.parametrize(
    "trace",
    [
        b"NPUTRACF" + WHOLE[8:],
        WHOLE[:8] + b"\2" + WHOLE[9:],
        WHOLE[:12] + b"\1" + WHOLE[13:],
        WHOLE + b"\0",
    ],
)
def test_a_wrong_frame_around_it_is_refused(parts, trace):
    refused(parts, trace)


def test_the_limit_holds(parts):
    assert "longer than the limit" in refused(parts, WHOLE, options=("--limit", "256"))


FIELDS: dict[str, dict[str, object]] = {
    "type": {"dtype": 12},
    "form": {"form": 1},
    "flags": {"flags": 2},
    "file": {"file": 2},
    "repeats": {"repeats": 1},
    "detail": {"detail": 3},
    "param": {"param": (0, 0, 0, 0, 0, 0, 1)},
}


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_field_that_a_copy_does_not_use_is_refused(parts, fields):
    def body(t: Recording) -> None:
        t.issue("copy_in", A, X, **{"dtype": F32, "count": 64, **fields})

    refused(parts, one_core(body, 1024, TILE))


def changed(at: int, value: int) -> bytes:
    """The first instruction of WHOLE, with a byte changed."""
    start = WHOLE.index(struct.pack("<H", OPS.index("copy_in")) + b"\0\2")
    trace = bytearray(WHOLE)
    trace[start + at] = value
    return bytes(trace)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, 0),  # no operation
        (1, 1),  # none that is known
        (2, 1),  # operands
        (2, 3),
        (20, 1),  # padding
        (24, 1),  # mask
        (80 + 28, 3),  # space
        (80 + 29, 40),  # position
        (80 + 30, 1),  # reserved
    ],
)
def test_a_byte_that_cannot_be_is_refused(parts, at, value):
    refused(parts, changed(at, value))


def frames(*each: tuple[str, bytes]) -> bytes:
    t = Recording()
    for kind, body in each:
        t.frame(kind, body)
    return bytes(t.data)


LAUNCH = ("launch", struct.pack("<IIQ", 1, 0, 0))


@pytest.mark.parametrize(
    "trace",
    [
        frames(("launch_end", b"")),
        frames(("core", bytes(4))),
        frames(LAUNCH, ("launch_end", b"")),
        frames(LAUNCH, LAUNCH),
        frames(LAUNCH, ("end", b"")),
        frames(("launch", struct.pack("<IIQ", 0, 0, 0))),
        frames(("launch", struct.pack("<IIQ", 65536, 0, 0))),
        frames(("file", b"a" * 4097)),
        frames(("file", b"a\n")),
        frames(("alloc", struct.pack("<QQII", 1 << 44, 64, 3, 0))),  # no such array
        frames(("alloc", struct.pack("<QQII", 1 << 44, 64, 1, 0))),  # of another size
        frames(("alloc", struct.pack("<QQII", (1 << 44) + 1, 64, 0, 0))),
        frames(("alloc", struct.pack("<QQII", 1 << 44, 1 << 40, 0, 0))),  # more than there is
        frames(*[("alloc", struct.pack("<QQII", 1 << 44, 64, 0, 0))] * 2),
        frames(("release", struct.pack("<Q", 1 << 44))),
        frames(("host_fill", struct.pack("<QQII", 1 << 44, 64, 0, 0))),
        frames(("host_write", struct.pack("<Q", 1 << 44) + b"a")),
        frames(("host_copy", struct.pack("<QQQ", 1 << 44, 1 << 44, 1))),
        frames(("host_read", struct.pack("<QQQ", 1 << 44, 1, 0))),
    ],
)
def test_frames_that_cannot_follow_are_refused(parts, trace):
    refused(parts, trace)


def test_the_host_cannot_write_the_answer(parts):
    def forged(t: Recording) -> None:
        t.arrays(1024, TILE)
        t.frame("host_write", struct.pack("<Q", Y.address) + bytes(8))

    t = Recording()
    forged(t)
    assert "array of the caller" in refused(parts, bytes(t.data))


def test_a_fault_ends_it_with_its_text(parts):
    report = run(parts.replay, frames(("fault", b"there is no kernel"))).report
    assert (report["fault"], report["complete"]) == ("there is no kernel", False)


def forged_room(t: Recording) -> None:
    t.init_queue(1, 64)  # not where the first one is given


def forged_buffer(t: Recording) -> None:
    t.init_queue(1, 0)
    t.queue("alloc", 1, ub(0))
    t.queue("alloc", 1, ub(0))


def forged_order(t: Recording) -> None:
    t.init_queue(1, 0, buffers=2, depth=2)
    for tensor in (ub(0), ub(TILE)):
        t.queue("alloc", 1, tensor)
        t.fill(tensor)
        t.queue("enque", 1, tensor)
    t.queue("deque", 1, ub(TILE))


def number_twice(t: Recording) -> None:
    t.init_queue(1, 0)
    t.init_queue(1, TILE)


@pytest.mark.parametrize("body", [forged_room, forged_buffer, forged_order, number_twice])
def test_queues_that_cannot_be_so_are_refused(parts, body: Callable[[Recording], None]):
    refused(parts, one_core(body))


def test_the_same_trace_gives_the_same_report(parts):
    again = [run(parts.replay, WHOLE, bytes(1024), bytes(TILE)).report for _ in range(2)]
    assert again[0] == again[1]

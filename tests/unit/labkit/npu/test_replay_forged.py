"""Forged traces: none makes outputs for nothing, hides an error, or takes the replay with it."""

import struct

import pytest

from tests.unit.labkit.npu.traces import (
    F32,
    I32,
    OPS,
    TILE,
    U8,
    Place,
    Recording,
    gm,
    one_core,
    run,
    ub,
)

A, B, X, Y = ub(0), ub(TILE), gm(1), gm(2)
FAR = 0x2000_0000_0000
SOMEWHERE = Place(1, FAR, 0, FAR)
LAUNCHED = ("--kernel", "kernel", "--blocks", "1")


def refused(parts, trace, *arrays: bytes, options=()) -> str:
    return run(parts.replay, bytes(trace), *arrays, options=options).report["trace_error"] or ""


def filled(address: int, size: int, value: int) -> Recording:
    t = Recording()
    t.arrays(64)
    t.frame("host_fill", struct.pack("<QQII", address, size, value, 0))
    t.frame("end")
    return t


def test_the_host_fills_an_array_as_a_whole_only(parts):
    """A byte at a time, it could write any answer."""
    assert "writes to an array" in refused(parts, filled(X.address, 1, 65).data, bytes(64))
    done = run(parts.replay, filled(X.address, 64, 65).data, bytes(64))
    assert (done.arrays, done.report["trace_error"]) == ([b"A" * 64], None)
    assert done.report["host_bytes"] == 64


def launched(blocks: int = 1, times: int = 1, *, host: bool = False) -> bytes:
    t = Recording()
    t.arrays(64)
    if host:
        t.alloc(FAR, 64)
        t.frame("host_write", struct.pack("<Q", FAR) + bytes(64))
    for _ in range(times):
        with t.launch(blocks):
            for block in range(blocks):
                with t.core(block):
                    pass
    t.frame("end")
    return bytes(t.data)


@pytest.mark.parametrize(
    ("trace", "why"),
    [
        (launched(blocks=2), "something else was launched"),
        (launched(times=2), "something else was launched"),
        (launched(times=0), "the kernel was not launched"),
        (launched(host=True), "the host did something else"),
    ],
)
def test_a_launch_is_the_one_that_was_asked_for(parts, trace, why):
    assert refused(parts, launched(), bytes(64), options=LAUNCHED) == ""
    assert refused(parts, trace, bytes(64)) == ""
    assert why in refused(parts, trace, bytes(64), options=LAUNCHED)


def test_warnings_do_not_hide_errors(parts):
    def body(t: Recording) -> None:
        for _ in range(300):
            t.issue("raw_pointer", A, dtype=U8)
        t.copy_in(A, X)
        t.add(B, A, A)

    told = run(parts.replay, one_core(body, TILE), bytes(TILE)).report["diagnostics"]
    assert {one["code"] for one in told if one["severity"] == "error"} == {"RACE_RAW"}


def test_a_warning_at_a_place_becomes_an_error(parts):
    """Two cores write alike, then otherwise, by one line."""
    t = Recording()
    t.frame("file", b"kernel.cpp")
    t.arrays(2 * TILE)
    with t.launch(2):
        for block in range(2):
            with t.core(block):
                t.fill(A)
                t.issue("adds", B, A, form=1, dtype=F32, count=64, scalar=block * 0x3F800000)
                t.sync("V_MTE3")
                t.issue("copy_out", X, A, dtype=F32, count=64, line=99)
                t.issue("copy_out", gm(1, TILE), B, dtype=F32, count=64, line=99)
    t.frame("end")
    (told,) = run(parts.replay, t.data, bytes(2 * TILE)).report["diagnostics"]
    assert (told["code"], told["severity"], told["count"]) == ("GM_CORE_CONFLICT", "error", 2)


def test_offsets_that_change_while_a_gather_waits_are_looked_at_again(parts):
    def body(t: Recording) -> None:
        t.issue("duplicate", A, form=1, dtype=I32, count=64, scalar=0)
        t.fill(B)
        t.sync("V_MTE2")
        t.wait("MTE2_V")
        t.issue("gather", ub(2 * TILE), B, A, form=1, dtype=F32, count=64)
        t.copy_in(A, X)
        t.set("MTE2_V")

    report = run(parts.replay, one_core(body, TILE), struct.pack("<I", 0x7FFFFFF0) * 64).report
    assert "UB_OOB" in [one["code"] for one in report["diagnostics"]]


def matmul(t: Recording, m: int, n: int, k: int) -> None:
    head = struct.pack(
        "<HBBBBBBIHHI4xQQ8IQ",
        *(OPS.index("matmul"), 0, 3, F32, F32, 0, 0, 1, 1, 0, 0, 0, 0),
        *(m, n, k, k, n, n, 0, 0, 0),
    )
    t.frame("instruction", head + SOMEWHERE.packed() * 3)


def heavy(body, size: int = 1 << 26) -> bytes:
    t = Recording()
    t.frame("file", b"kernel.cpp")
    t.alloc(FAR, size)
    with t.launch(), t.core():
        body(t)
    t.frame("end")
    return bytes(t.data)


def test_a_matrix_is_no_larger_than_memory_bears(parts):
    """No sums at all, but a copy of A of 6 GB."""
    trace = heavy(lambda t: matmul(t, 40000, 0, 40000), 8 << 30)
    (told,) = run(parts.replay, trace).report["diagnostics"]
    assert told["code"] == "MATMUL_SHAPE"


def blocked(t: Recording) -> None:
    """Scalars that look at all that waits, each with 48960 pieces."""
    odd = (9, 0, 0, 0, 1, 1, 255, 0, 0xAAAAAAAAAAAAAAAA, 0xAAAAAAAAAAAAAAAA)
    head = struct.pack(
        "<HBBBBBBIHHI4xQQ8IQ", OPS.index("add"), 2, 3, *odd, 1, 1, 1, 0, 0, 0, 0, 0, 0
    )
    t.wait("MTE2_V")
    for _ in range(1000):
        t.frame("instruction", head + ub(0).packed() + ub(4096).packed() + ub(8192).packed())
    for _ in range(200):
        t.issue("get_global", SOMEWHERE, dtype=F32)


def test_work_without_end_is_refused(parts):
    assert "too long" in refused(parts, heavy(blocked))


def test_queues_without_buffers_are_counted(parts):
    def body(t: Recording) -> None:
        for number in range(1, 1100):
            t.init_queue(number, 0, buffers=0, size=0)

    assert "too many buffers" in refused(parts, heavy(body))

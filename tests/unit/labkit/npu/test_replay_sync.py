"""Flags, barriers and SyncAll: what waits for ever, and what is left over."""

from collections.abc import Callable

import pytest

from tests.unit.labkit.npu.traces import TILE, Recording, gm, one_core, run, ub

A, B, C = ub(0), ub(512), ub(1024)
X, Y = gm(1), gm(2)


def kernel(t: Recording) -> None:
    t.copy_in(A, X)
    t.sync("MTE2_V")
    t.add(C, A, A)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


def ping_pong(t: Recording) -> None:
    """Two buffers, whose flags are set before the first wait."""
    for n in range(2):
        t.set("V_MTE2", n)
        t.set("MTE3_V", n)
    for n in range(4):
        half = n % 2
        tile, out = ub(half * TILE), ub(1024 + half * TILE)
        t.wait("V_MTE2", half)
        t.copy_in(tile, gm(1, n * TILE))
        t.set("MTE2_V", half)
        t.wait("MTE2_V", half)
        t.wait("MTE3_V", half)
        t.add(out, tile, tile)
        t.set("V_MTE2", half)
        t.set("V_MTE3", half)
        t.wait("V_MTE3", half)
        t.copy_out(gm(2, n * TILE), out)
        t.set("MTE3_V", half)
    for n in range(2):
        t.wait("V_MTE2", n)
        t.wait("MTE3_V", n)


def two_flags_for_two_copies(t: Recording) -> None:
    t.copy_in(A, X)
    t.copy_in(B, X)
    t.set("MTE2_V", 0)
    t.set("MTE2_V", 1)
    t.wait("MTE2_V", 0)
    t.wait("MTE2_V", 1)
    t.add(C, A, B)
    t.set("V_MTE3", 0)
    t.set("V_MTE3", 1)
    t.wait("V_MTE3", 0)
    t.wait("V_MTE3", 1)
    t.copy_out(Y, C)


@pytest.mark.parametrize("body", [kernel, ping_pong, two_flags_for_two_copies])
def test_nothing_is_told_of_flags_that_are_right(parts, body):
    size = 4 * TILE if body is ping_pong else TILE
    assert run(parts.replay, one_core(body, 1024, size), bytes(1024), bytes(size)).told == []


def never_set(t: Recording) -> None:
    t.copy_in(A, X)
    t.wait("MTE2_V")
    t.add(C, A, A)


def never_set_for_s(t: Recording) -> None:
    t.copy_in(A, X)
    t.wait("MTE2_S")
    kernel(t)


def circle(t: Recording) -> None:
    t.wait("V_MTE2")
    t.copy_in(A, X)
    t.set("MTE2_V")
    t.wait("MTE2_V")
    t.add(C, A, A)
    t.set("V_MTE2")


def barrier_of_what_waits(t: Recording) -> None:
    t.wait("MTE2_V", 1)
    t.barrier()
    t.copy_in(A, X)
    t.set("MTE2_V", 1)


def set_twice(t: Recording) -> None:
    kernel(t)
    t.set("MTE3_V")
    t.set("MTE3_V")
    t.wait("MTE3_V")


def left_over(t: Recording) -> None:
    kernel(t)
    t.set("V_MTE2", 3)


def reserved(t: Recording) -> None:
    kernel(t)
    t.set("V_MTE2", 6)
    t.wait("V_MTE2", 6)


def no_such_id(t: Recording) -> None:
    kernel(t)
    t.set("V_MTE2", 8)


def nothing_copied_out(t: Recording) -> None:
    t.copy_in(A, X)
    t.sync("MTE2_V")
    t.add(C, A, A)
    t.sync("V_MTE3")
    t.copy_out(Y, C)
    t.sync("MTE3_V")
    t.add(C, A, A)
    t.sync("V_MTE3")


def nothing_copied_in(t: Recording) -> None:
    t.fill(A)
    t.sync("MTE2_V")
    t.sync("V_MTE3")
    t.copy_out(Y, A)


WRONG: list[tuple[Callable[[Recording], None], str, int]] = [
    (never_set, "SYNC_DEADLOCK", 2),
    (never_set_for_s, "SYNC_DEADLOCK", 2),
    (circle, "SYNC_DEADLOCK", 4),
    (barrier_of_what_waits, "SYNC_DEADLOCK", 1),
    (set_twice, "SYNC_DOUBLE_SET", 9),
    (left_over, "SYNC_LEFTOVER", 8),
    (reserved, "EVENT_ID_RANGE", 8),
    (no_such_id, "EVENT_ID_RANGE", 8),
    (nothing_copied_out, "SYNC_IDLE", 12),
    (nothing_copied_in, "SYNC_IDLE", 2),
]


@pytest.mark.parametrize(("body", "code", "line"), WRONG, ids=[case[0].__name__ for case in WRONG])
def test_a_wrong_flag_is_told(parts, body, code, line):
    replayed = run(parts.replay, one_core(body, 1024, TILE), bytes(1024), bytes(TILE))
    assert replayed.report["trace_error"] is None
    assert replayed.told[0] == (code, line)


def test_flags_of_queues_use_the_same_ids(parts):
    def body(t: Recording) -> None:
        t.init_queue(1, 0, buffers=3)
        tensors = [ub(n * TILE) for n in range(3)]
        for tensor in tensors:
            t.queue("alloc", 1, tensor)
        for n in range(6):
            t.set("V_MTE2", n)
        for tensor in tensors:
            t.queue("free", 1, tensor)

    told = run(parts.replay, one_core(body)).told
    assert told[0] == ("EVENT_ID_EXHAUSTED", 13)


def test_a_pipe_that_waits_too_long_holds_up_the_rest(parts):
    """A pipe's queue is finite: S cannot issue the set behind thousands of instructions."""

    def body(t: Recording) -> None:
        t.wait("MTE2_V")
        for _ in range(1100):
            t.fill(A)
        t.set("MTE2_V")

    assert run(parts.replay, one_core(body)).told[0] == ("SYNC_DEADLOCK", 1)


def grid(blocks: int, stretches: list[tuple[int, bool, list[str]]]) -> bytes:
    """A launch of `stretches`: block, whether it ends there, and its instructions."""
    t = Recording()
    t.frame("file", b"kernel.cpp")
    with t.launch(blocks):
        for block, ends, ops in stretches:
            with t.core(block, ends=ends, blocked=ends and ops == ["blocked"]):
                for op in ops:
                    if op != "blocked":
                        t.issue(op, line=1)
    t.frame("end")
    return bytes(t.data)


MEET, GO, STOP = ["sync_all"], ["clean_cache"], ["blocked"]


def test_blocks_meet(parts):
    trace = grid(2, [(0, False, MEET), (1, False, MEET), (0, True, GO), (1, True, GO)])
    report = run(parts.replay, trace).report
    assert (report["complete"], report["trace_error"], report["diagnostics"]) == (True, None, [])
    cores = report["launches"][0]["cores"]
    assert [core["ended"] for core in cores] == ["returned", "returned"]


def test_a_block_that_never_comes_is_told(parts):
    trace = grid(2, [(0, False, MEET), (1, True, GO), (0, True, STOP)])
    report = run(parts.replay, trace).report
    assert [one["code"] for one in report["diagnostics"]] == ["SYNC_DEADLOCK"]
    assert "1 of 2 blocks" in report["diagnostics"][0]["message"]


def test_more_blocks_than_cores_cannot_meet(parts):
    trace = grid(49, [(n, True, MEET) for n in range(49)])
    assert run(parts.replay, trace).told == [("SYNC_DEADLOCK", 1)]


@pytest.mark.parametrize(
    "stretches",
    [
        [(0, False, MEET), (0, True, GO)],  # past those who have not come
        [(0, False, MEET), (1, True, GO), (0, True, [])],
        [(0, False, GO), (1, True, GO)],  # stops in the middle
        [(0, True, GO), (0, True, GO)],  # twice
        [(0, True, GO)],  # block 1 never ran
        [(0, True, GO), (2, True, GO)],  # no such block
        [(0, True, STOP), (1, True, GO)],  # waits for nothing
    ],
)
def test_an_order_that_cannot_be_is_refused(parts, stretches):
    assert run(parts.replay, grid(2, stretches)).report["trace_error"] is not None

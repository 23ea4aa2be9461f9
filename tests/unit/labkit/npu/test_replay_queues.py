"""The replay follows each buffer of a queue: free, allocated, enqueued, dequeued, free."""

from collections.abc import Callable

import pytest

from tests.unit.labkit.npu.traces import (
    NOTHING,
    TILE,
    VECCALC,
    VECOUT,
    Recording,
    gm,
    one_core,
    run,
    ub,
)

X = gm(1)
IN, OUT = 1, 2  # numbers of queues
A, Z, W = ub(0), ub(TILE), ub(2 * TILE)


def queues(t: Recording, buffers: int = 1) -> None:
    t.init_queue(IN, 0)
    t.init_queue(OUT, TILE, buffers=buffers, between=(VECOUT, 0))


def load(t: Recording) -> None:
    t.queue("alloc", IN, A)
    t.copy_in(A, X)
    t.queue("enque", IN, A)


def compute(t: Recording, out: object = Z) -> None:
    t.queue("deque", IN, A)
    t.queue("alloc", OUT, out)
    t.add(out, A, A)
    t.queue("enque", OUT, out)
    t.queue("free", IN, A)


def store(t: Recording, out: object = Z, at: int = 0) -> None:
    t.queue("deque", OUT, out)
    t.copy_out(gm(2, at), out)
    t.queue("free", OUT, out)


def whole(t: Recording) -> None:
    queues(t)
    for _ in range(3):
        load(t)
        compute(t)
        store(t)
    t.issue("reset_pipe")


def two_buffers(t: Recording) -> None:
    queues(t, buffers=2)
    for n, out in enumerate((Z, W, Z)):
        load(t)
        compute(t, out)
        store(t, out, n * TILE)
    t.issue("reset_pipe")


def allocated_only(t: Recording) -> None:
    """A tensor that AllocTensor gave may go back unused, and be scratch memory of V."""
    t.init_queue(1, 0, between=(VECCALC, VECCALC))
    for _ in range(2):
        t.queue("alloc", 1, A)
        t.fill(A)
        t.add(A, A, A)
        t.queue("free", 1, A)


@pytest.mark.parametrize("body", [whole, two_buffers, allocated_only])
def test_nothing_is_told_of_a_right_use(parts, body):
    told = run(parts.replay, one_core(body, 1024, 3 * TILE), bytes(1024), bytes(3 * TILE)).told
    assert [code for code, _ in told if code not in ("GM_UNWRITTEN", "GM_GAP")] == []


def never_initialised(t: Recording) -> None:
    t.queue("alloc", 7, NOTHING)


def none_free(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("alloc", IN, NOTHING)


def empty(t: Recording) -> None:
    queues(t)
    t.queue("alloc", IN, A)
    t.copy_in(A, X)
    t.queue("deque", IN, NOTHING)


def enqueued_twice(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("enque", IN, A)


def enqueued_when_free(t: Recording) -> None:
    queues(t)
    t.queue("enque", IN, A)


def freed_while_enqueued(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("free", IN, A)


def too_deep(t: Recording) -> None:
    t.init_queue(IN, 0, buffers=2)
    load(t)
    t.queue("alloc", IN, Z)
    t.copy_in(Z, X)
    t.queue("enque", IN, Z)


def freed_twice(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("deque", IN, A)
    t.queue("free", IN, A)
    t.queue("free", IN, A)


def of_another_queue(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("deque", IN, A)
    t.queue("free", OUT, A)


def never_freed(t: Recording) -> None:
    queues(t)
    t.queue("alloc", IN, A)
    t.copy_in(A, X)
    t.queue("enque", IN, A)
    t.queue("deque", IN, A)


def never_dequeued(t: Recording) -> None:
    queues(t)
    load(t)


def used_after_free(t: Recording) -> None:
    queues(t)
    load(t)
    t.queue("deque", IN, A)
    t.queue("free", IN, A)
    t.add(W, A, A)


def never_copied_out(t: Recording) -> None:
    queues(t)
    load(t)
    compute(t)
    t.queue("deque", OUT, Z)
    t.queue("free", OUT, Z)


WRONG: list[tuple[Callable[[Recording], None], str, int]] = [
    (never_initialised, "QUE_NOT_INIT", 1),
    (none_free, "QUE_NO_FREE_BUFFER", 6),
    (empty, "QUE_EMPTY", 5),
    (enqueued_twice, "QUE_STATE", 6),
    (enqueued_when_free, "QUE_STATE", 3),
    (freed_while_enqueued, "QUE_STATE", 6),
    (too_deep, "QUE_DEPTH", 7),
    (freed_twice, "QUE_DOUBLE_FREE", 8),
    (of_another_queue, "QUE_FOREIGN_TENSOR", 7),
    (never_freed, "QUE_LEAK", 3),
    (never_dequeued, "QUE_LEAK", 3),
    (used_after_free, "QUE_STATE", 8),
    (never_copied_out, "QUE_DROPPED", 12),
]


@pytest.mark.parametrize(("body", "code", "line"), WRONG, ids=[case[0].__name__ for case in WRONG])
def test_a_wrong_use_is_told(parts, body, code, line):
    replayed = run(parts.replay, one_core(body, 1024, TILE), bytes(1024), bytes(TILE))
    assert replayed.report["trace_error"] is None
    assert replayed.told[0] == (code, line)


def test_a_buffer_given_again_holds_nothing(parts):
    def body(t: Recording) -> None:
        whole(t)
        t.init_queue(3, 0)
        t.queue("alloc", 3, A)
        t.queue("enque", 3, A)
        t.queue("deque", 3, A)
        t.add(W, A, A)
        t.queue("free", 3, A)

    told = run(parts.replay, one_core(body, 1024, TILE), bytes(1024), bytes(TILE)).told
    assert [code for code, _ in told] == ["UNINIT_READ"]


def init_too_much(t: Recording) -> None:
    t.init_queue(1, 0, buffers=2, size=98304)


def init_nothing(t: Recording) -> None:
    t.init_queue(1, 0, size=0)


def init_too_many(t: Recording) -> None:
    t.init_queue(1, 0, buffers=64, size=32)
    t.init_queue(2, 2048, size=32)


def get_of_nothing(t: Recording) -> None:
    t.issue("get_buffer", NOTHING, param=(9,))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (init_too_much, "UB_OVERFLOW"),
        (init_nothing, "BUF_ZERO"),
        (init_too_many, "BUF_COUNT"),
        (get_of_nothing, "TBUF_NOT_INIT"),
    ],
)
def test_what_init_buffer_cannot_give_is_told(parts, body, code):
    assert run(parts.replay, one_core(body)).told == [(code, 2 if code == "BUF_COUNT" else 1)]


@pytest.mark.parametrize(
    ("count", "told"), [(8, [("GM_UNWRITTEN", 0)]), (9, [("EVENT_ID_EXHAUSTED", 45)])]
)
def test_a_position_has_eight_buffers_in_flight(parts, count, told):
    def body(t: Recording) -> None:
        t.init_queue(1, 0, buffers=count, size=TILE, depth=16)
        tensors = [ub(TILE * n) for n in range(count)]
        for tensor in tensors:
            t.queue("alloc", 1, tensor)
            t.copy_in(tensor, X)
            t.queue("enque", 1, tensor)
            t.queue("deque", 1, tensor)
        for tensor in tensors:
            t.queue("free", 1, tensor)

    replayed = run(parts.replay, one_core(body, 1024), bytes(1024))
    assert [code for code, _ in replayed.told] == [code for code, _ in told]


def test_the_map_of_the_unified_buffer_is_told(parts):
    report = run(parts.replay, one_core(whole, 1024, TILE), bytes(1024), bytes(TILE)).report
    buffers = report["launches"][0]["buffers"]
    assert [(one["position"], one["begin"], one["end"]) for one in buffers] == [
        ("VECIN", 0, TILE),
        ("VECOUT", TILE, 2 * TILE),
    ]
    assert report["launches"][0]["cores"][0]["ub_bytes"] == 2 * TILE

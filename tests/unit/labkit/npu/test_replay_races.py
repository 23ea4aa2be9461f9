"""Of two instructions on the same bytes the replay knows whether one waits for the other."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.unit.labkit.npu.traces import TILE, Recording, gm, one_core, run, ub

A, B, C = ub(0), ub(512), ub(1024)
X, Y = gm(1), gm(2)
POISON = np.uint32(0x7FE57FE5)


def copied_in(t: Recording) -> None:
    """A and B hold data, and V may use them."""
    t.copy_in(A, X)
    t.copy_in(B, X)
    t.sync("MTE2_V")


def read_after_write(t: Recording) -> None:
    t.copy_in(A, X)
    t.copy_in(B, X)
    t.add(C, A, B)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


def copied_out_too_early(t: Recording) -> None:
    copied_in(t)
    t.add(C, A, B)
    t.copy_out(Y, C)


def flag_before_the_copy(t: Recording) -> None:
    t.copy_in(A, X)
    t.sync("MTE2_V")
    t.copy_in(B, X)
    t.add(C, A, B)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


def overwritten_while_read(t: Recording) -> None:
    copied_in(t)
    t.add(C, A, B)
    t.copy_in(A, X)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


def overwritten_while_copied_out(t: Recording) -> None:
    t.fill(C)
    t.sync("V_MTE3")
    t.copy_out(Y, C)
    t.fill(C)


def written_twice(t: Recording) -> None:
    t.fill(A)
    t.copy_in(A, X)
    t.sync("MTE2_V")
    t.add(C, A, A)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


def copies_in_a_row(t: Recording) -> None:
    t.copy_in(A, X)
    t.copy_in(A, gm(1, TILE))
    t.sync("MTE2_MTE3")
    t.copy_out(Y, A)


def through_global_memory(t: Recording) -> None:
    t.fill(A)
    t.sync("V_MTE3")
    t.copy_out(Y, A)
    t.copy_in(B, Y)
    t.sync("MTE2_V")
    t.add(C, B, B)


def over_its_own_source(t: Recording) -> None:
    t.fill(C)
    t.copy_in(A, Y)
    t.sync("V_MTE3")
    t.copy_out(Y, C)


RACES: list[tuple[Callable[[Recording], None], str, int, int, str]] = [
    (read_after_write, "RACE_RAW", 3, 1, "MTE2_V"),
    (copied_out_too_early, "RACE_RAW", 6, 5, "V_MTE3"),
    (flag_before_the_copy, "RACE_RAW", 5, 4, "MTE2_V"),
    (overwritten_while_read, "RACE_WAR", 6, 5, "V_MTE2"),
    (overwritten_while_copied_out, "RACE_WAR", 5, 4, "MTE3_V"),
    (written_twice, "RACE_WAW", 2, 1, "V_MTE2"),
    (copies_in_a_row, "RACE_WAW", 2, 1, "PipeBarrier<PIPE_MTE2>"),
    (through_global_memory, "RACE_RAW", 5, 4, "MTE3_MTE2"),
    (over_its_own_source, "RACE_WAR", 5, 2, "MTE2_MTE3"),
]


def data() -> list[bytes]:
    return [np.arange(256, dtype=np.float32).tobytes(), bytes(TILE)]


@pytest.mark.parametrize(
    ("body", "code", "line", "other", "missing"), RACES, ids=[race[0].__name__ for race in RACES]
)
def test_a_race_is_told_with_both_lines_and_what_is_missing(
    parts, body, code, line, other, missing
):
    one = run(parts.replay, one_core(body, 1024, TILE), *data()).report["diagnostics"][0]
    assert (one["code"], one["line"], one["other_line"]) == (code, line, other)
    assert missing in one["message"]


class Careful(Recording):
    """Waits for all pipes after each instruction."""

    def issue(self, op, *operands, **fields):
        line = super().issue(op, *operands, **fields)
        super().issue("pipe_barrier", detail=255, line=line)
        return line


@pytest.mark.parametrize("body", [race[0] for race in RACES], ids=lambda body: body.__name__)
def test_the_same_with_barriers_is_no_race(parts, body):
    def careful(t: Recording) -> None:
        body(Careful(t.data))

    told = run(parts.replay, one_core(careful, 1024, TILE), *data()).told
    assert [code for code, _ in told if code != "GM_UNWRITTEN"] == []


def test_flags_order_by_way_of_a_third_pipe(parts):
    """V waits for MTE2, then MTE3 for V: MTE3 knows of MTE2, and copies out in place."""

    def body(t: Recording) -> None:
        t.copy_in(A, Y)
        t.sync("MTE2_V")
        t.add(A, A, A)
        t.sync("V_MTE3")
        t.copy_out(Y, A)

    ones = np.ones(64, np.float32)
    replayed = run(parts.replay, one_core(body, 1024, TILE), data()[0], ones.tobytes())
    assert replayed.told == []
    np.testing.assert_array_equal(np.frombuffer(replayed.arrays[1], np.float32), ones + ones)


def test_a_wait_may_be_issued_before_its_set(parts):
    """Pipes run in their own order: V works when the data is there, though it was asked before."""

    def body(t: Recording) -> None:
        t.wait("MTE2_V")
        t.add(C, A, A)
        t.set("V_MTE3")
        t.copy_in(A, X)
        t.set("MTE2_V")
        t.wait("V_MTE3")
        t.copy_out(Y, C)

    replayed = run(parts.replay, one_core(body, 1024, TILE), *data())
    assert replayed.told == []
    np.testing.assert_array_equal(
        np.frombuffer(replayed.arrays[1], np.float32), 2 * np.arange(64, dtype=np.float32)
    )


def test_what_a_race_leaves_is_poison(parts):
    replayed = run(parts.replay, one_core(copied_out_too_early, 1024, TILE), *data())
    assert set(np.frombuffer(replayed.arrays[1], np.uint32)) == {POISON}


def test_scalar_accesses_wait_by_themselves(parts):
    def body(t: Recording) -> None:
        t.copy_in(A, X)
        t.issue("get_local", A, dtype=11, scalar=0)
        t.issue("set_local", A, dtype=11, scalar=0x40000000)
        t.copy_out(Y, A)

    replayed = run(parts.replay, one_core(body, 1024, TILE), *data())
    assert replayed.told == []
    assert np.frombuffer(replayed.arrays[1], np.float32)[0] == 2


def test_each_place_is_told_once_with_a_count(parts):
    def body(t: Recording) -> None:
        t.fill(B)
        for _ in range(5):
            t.issue("copy_in", A, X, dtype=11, count=64, line=90)
            t.issue("add", C, A, B, dtype=11, form=1, count=64, line=91)
            t.barrier()

    report = run(parts.replay, one_core(body, 1024, TILE), *data()).report
    assert [(one["line"], one["count"]) for one in report["diagnostics"]] == [(91, 5)]


def test_what_was_never_written_is_told_by_the_byte(parts):
    def body(t: Recording) -> None:
        t.fill(A, 63)
        t.sync("V_MTE3")
        t.copy_out(Y, A)

    one = run(parts.replay, one_core(body, 1024, TILE), *data()).report["diagnostics"][0]
    assert (one["code"], one["line"]) == ("UNINIT_READ", 4)
    assert "reads 4 B" in one["message"]

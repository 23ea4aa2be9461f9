"""Model cycles: pipes work beside each other, and wait where a flag says so."""

import pytest

from tests.unit.labkit.npu.traces import TILE, Recording, gm, one_core, run, ub

X, Y = gm(1), gm(2)
BIG = 8192  # bytes of a tile: one repeat of 256 bytes takes 2 cycles of Add, 22 come before
IN_CYCLES = 30 + BIG / 25.5  # by msKPP's table
OUT_CYCLES = 30 + BIG / 34.5
ADD_CYCLES = 22 + 2 * BIG / 256


def tiles(count: int, buffers: int):
    """Add a tile to itself, `count` times."""

    def body(t: Recording) -> None:
        elements = BIG // 4
        for half in range(buffers):
            t.set("V_MTE2", half)
            t.set("MTE3_V", half)
        for n in range(count):
            half = n % buffers
            tile, out = ub(half * BIG, BIG), ub((buffers + half) * BIG, BIG)
            t.wait("V_MTE2", half)
            t.copy_in(tile, gm(1, n * BIG), elements)
            t.set("MTE2_V", half)
            t.wait("MTE2_V", half)
            t.wait("MTE3_V", half)
            t.add(out, tile, tile, elements)
            t.set("V_MTE2", half)
            t.set("V_MTE3", half)
            t.wait("V_MTE3", half)
            t.copy_out(gm(2, n * BIG), out, elements)
            t.set("MTE3_V", half)
        for half in range(buffers):
            t.wait("V_MTE2", half)
            t.wait("MTE3_V", half)

    return body


def replayed(parts, body, count: int, *options: str):
    arrays = (bytes(count * BIG), bytes(count * BIG))
    trace = one_core(body, *map(len, arrays))
    report = run(parts.replay, trace, *arrays, options=options).report
    assert report["diagnostics"] == []
    return report["launches"][0]


def test_each_pipe_is_busy_as_long_as_its_instructions_take(parts):
    core = replayed(parts, tiles(4, 1), 4)["cores"][0]
    busy = {pipe: use["busy"] for pipe, use in core["pipes"].items()}
    assert busy["MTE2"] == pytest.approx(4 * IN_CYCLES, abs=0.01)
    assert busy["V"] == pytest.approx(4 * ADD_CYCLES, abs=0.01)
    assert busy["MTE3"] == pytest.approx(4 * OUT_CYCLES, abs=0.01)
    assert core["bytes"] == {"V": 4 * 3 * BIG, "MTE2": 4 * BIG, "MTE3": 4 * BIG}
    assert core["copies"] == {"MTE2": 4, "MTE3": 4}
    assert (core["repeats_used"], core["repeats_needed"]) == (4 * 32, 4 * 32)


def test_one_tile_takes_its_steps_one_after_another(parts):
    core = replayed(parts, tiles(1, 1), 1)["cores"][0]
    steps = IN_CYCLES + ADD_CYCLES + OUT_CYCLES
    assert steps < core["cycles"] < steps + 20  # S issues, a cycle each
    assert core["overlap"] == 0


def test_two_buffers_overlap_more_than_one(parts):
    one, two = (replayed(parts, tiles(16, buffers), 16)["cores"][0] for buffers in (1, 2))
    assert two["cycles"] < 0.9 * one["cycles"]
    assert one["overlap"] < two["overlap"]
    assert two["cycles"] == pytest.approx(16 * IN_CYCLES, rel=0.1)  # the busiest pipe
    assert one["pipes"]["V"]["wait"] > 0


def test_many_cores_are_as_slow_as_global_memory_and_what_they_cannot_hide(parts):
    cores, size = 48, 32768
    t = Recording()
    t.frame("file", b"kernel.cpp")
    t.arrays(size, cores * size)
    with t.launch(cores):
        for core in range(cores):
            with t.core(core):
                t.copy_in(ub(0, size), gm(1), size // 4)
                t.sync("MTE2_V")
                t.add(ub(size, size), ub(0, size), ub(0, size), size // 4)
                t.sync("V_MTE3")
                t.copy_out(gm(2, core * size), ub(size, size), size // 4)
    t.frame("end")
    report = run(parts.replay, bytes(t.data), bytes(size), bytes(cores * size)).report
    assert report["diagnostics"] == []
    (launch,) = report["launches"]
    core = launch["cores"][0]
    exposed = core["cycles"] - core["pipes"]["MTE2"]["busy"] - core["pipes"]["MTE3"]["busy"]
    assert exposed > 278  # Add: 22 and twice 128 repeats
    moved = 2 * cores * size
    assert launch["bound"] == "memory"
    assert launch["kernel_cycles"] == pytest.approx(moved / 1.6e6 * 1850 + exposed, abs=0.1)


def test_one_core_is_as_slow_as_itself(parts):
    launch = replayed(parts, tiles(4, 1), 4)
    assert launch["bound"] == "core"
    assert launch["kernel_cycles"] == pytest.approx(launch["cores"][0]["cycles"])
    assert launch["microseconds"] == pytest.approx(launch["kernel_cycles"] / 1850, abs=0.001)


def test_the_time_line_has_the_first_instructions(parts):
    launch = replayed(parts, tiles(2, 1), 2, "--timeline", "4")
    assert [(step[1], step[4]) for step in launch["timeline"]] == [
        ("MTE2", "copy_in"),
        ("V", "add"),
        ("MTE3", "copy_out"),
        ("MTE2", "copy_in"),
    ]
    assert launch["timeline_dropped"] == 2
    ends = [step[3] for step in launch["timeline"][:3]]
    begins = [step[2] for step in launch["timeline"][:3]]
    assert begins[1] == pytest.approx(ends[0], abs=10)
    assert begins[2] == pytest.approx(ends[1], abs=10)


def test_a_scalar_access_waits_for_the_pipe_that_wrote(parts):
    def body(t: Recording) -> None:
        t.copy_in(ub(0), X)
        t.issue("get_local", ub(0), dtype=11)
        t.sync("MTE2_MTE3")
        t.copy_out(Y, ub(0))

    trace = one_core(body, 1024, TILE)
    core = run(parts.replay, trace, bytes(1024), bytes(TILE)).report["launches"][0]["cores"][0]
    assert core["pipes"]["S"]["wait"] == pytest.approx(core["pipes"]["MTE2"]["busy"], abs=2)

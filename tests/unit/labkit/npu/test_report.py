"""What a launch tells, in words, figures and pictures."""

import json

import pytest

from labkit.npu import diagnostics, pictures
from labkit.npu.report import from_replay


def core(cycles, busy, overlap, **more):
    pipes = {
        pipe: {"busy": value, "wait": 0.0, "instructions": 1}
        for pipe, value in zip(("S", "V", "MTE2", "MTE3"), busy, strict=True)
    }
    told = {
        "cycles": cycles,
        "ended": "returned",
        "ub_bytes": 4096,
        "pipes": pipes,
        "bytes": {"V": 30, "MTE2": 20, "MTE3": 10},
        "copies": {"MTE2": 2, "MTE3": 1},
        "overlap": overlap,
        "repeats_used": 4,
        "repeats_needed": 2,
        "matmuls": 0,
    }
    return told | more


def launch(cores, **more):
    told = {
        "kernel": "add",
        "blocks": len(cores),
        "kernel_cycles": 185.0,
        "microseconds": 0.1,
        "bound": "core",
        "cores": cores,
        "buffers": [],
        "timeline": [],
        "timeline_dropped": 0,
    }
    return told | more


def document(*launches, **more):
    told = {
        "version": 1,
        "soc": "910B1",
        "mhz": 1850,
        "complete": True,
        "trace_error": None,
        "fault": None,
        "host_bytes": 0,
        "launches": list(launches),
        "diagnostics": [],
        "reads": [],
    }
    return told | more


def race(**more):
    told = {
        "code": "RACE_RAW",
        "severity": "error",
        "launch": 0,
        "core": 3,
        "file": "add.cpp",
        "line": 40,
        "other_file": "add.cpp",
        "other_line": 33,
        "message": "Add (pipe V) reads what DataCopy (pipe MTE2) writes",
        "count": 16,
    }
    return told | more


BUFFERS = [
    {"core": 0, "kind": "queue", "number": 1, "position": "VECIN", "begin": 0, "end": 65536,
     "file": "add.cpp", "line": 12},
    {"core": 0, "kind": "buffer", "number": 2, "position": "VECCALC", "begin": 65536,
     "end": 65792, "file": "add.cpp", "line": 13},
]  # fmt: skip
STEPS = [
    [0, "MTE2", 0.0, 100.0, "copy_in", 30, 8192],
    [0, "V", 100.0, 150.0, "add", 40, 24576],
    [1, "MTE3", 150.0, 185.0, "copy_out", 50, 8192],
]


def test_sums_are_over_cores_and_launches():
    first = launch([core(100, (1, 20, 60, 20), 0.5), core(90, (1, 20, 50, 20), 0.0)])
    second = launch([core(10, (1, 2, 6, 2), 1.0)])
    report = from_replay(document(first, second))
    assert report.cycles == [110, 90]
    assert report.bytes == {"V": 90, "MTE2": 60, "MTE3": 30}
    assert report.copies == {"MTE2": 6, "MTE3": 3}
    assert report.repeats == (12, 6)
    assert report.kernel_cycles == 370
    assert report.ub_bytes == 4096


def test_overlap_weighs_cores_by_what_they_could_hide():
    hides_half = core(100, (0, 20, 60, 20), 0.5)  # 20 of 40 cycles
    hides_none = core(100, (0, 30, 60, 30), 0.0)  # 0 of 60
    assert from_replay(document(launch([hides_half, hides_none]))).overlap == pytest.approx(0.2)
    assert from_replay(document(launch([core(9, (9, 0, 0, 0), 0.0)]))).overlap == 0


def test_an_error_is_not_ok_and_a_warning_is():
    one = launch([core(1, (1, 0, 0, 0), 0)])
    assert from_replay(document(one)).ok
    assert from_replay(document(one)).diagnostics == []  # a list, as callers compare it
    assert from_replay(document(one, diagnostics=[race(severity="warning")])).ok
    assert not from_replay(document(one, diagnostics=[race()])).ok
    assert not from_replay(document(one, complete=False)).ok
    assert not from_replay(document(one, trace_error="frame 3: no such kind")).ok


def test_a_diagnostic_says_where_what_and_what_to_do():
    (found,) = from_replay(document(diagnostics=[race()])).diagnostics
    assert str(found) == (
        "add.cpp:40: RACE_RAW: Add (pipe V) reads what DataCopy (pipe MTE2) writes "
        "(core 3, 16 times)"
    )
    assert "EnQue and DeQue" in found.hint
    assert found.symptom == "wrong data, without a word"
    assert found.other_line == 33


def test_a_code_that_nobody_knows_has_no_advice():
    assert diagnostics.advice("NEW_ONE") == ("", "")


def test_a_notebook_shows_diagnostics_figures_and_pictures():
    told = launch([core(185, (3, 50, 100, 35), 0.25)] * 2, buffers=BUFFERS, timeline=STEPS)
    shown = from_replay(document(told, diagnostics=[race(message="a < b")])).show()
    html = shown._repr_html_()
    assert "add on 2 cores: 1 diagnostic" in html
    assert "a &lt; b" in html and "a < b" not in html
    assert html.count("<svg") == 2
    assert "0.1 us" in repr(shown) and "slowest core: 185\n" in repr(shown)
    assert "RACE_RAW" in repr(shown) and "On a device: wrong data" in repr(shown)


def test_the_time_line_has_a_box_for_each_step_of_its_core():
    told = launch([core(185, (3, 50, 100, 35), 0.25)] * 2, timeline=STEPS)
    report = from_replay(document(told))
    assert str(report.timeline(0)).count("<rect") == 2
    assert str(report.timeline(1)).count("<rect") == 1
    assert "185 model cycles, 25 % of what could overlap" in report.timeline(0).title
    with pytest.raises(ValueError, match=r"steps of cores \[0, 1\]"):
        report.timeline(2)


def test_a_long_time_line_is_cut_and_says_so():
    steps = [[0, "V", float(n), n + 1.0, "add", 40, 8] for n in range(1000)]
    told = launch([core(1000, (0, 1000, 0, 0), 0)], timeline=steps)
    drawn = str(from_replay(document(told)).timeline())
    assert drawn.count("<rect") == pictures._SHOWN
    assert "and so on" in drawn


def test_the_map_shows_every_buffer_and_what_is_in_use():
    told = launch([core(1, (1, 0, 0, 0), 0)], buffers=BUFFERS)
    drawn = from_replay(document(told)).ub_map()
    assert drawn.title == "Unified Buffer of core 0: 65,792 of 196,608 bytes in use"
    assert str(drawn).count("<rect") == 3
    assert "VECCALC: bytes 65,536 to 65,792 (buffer 2, line 13)" in str(drawn)


def test_a_map_of_little_is_drawn_larger():
    small = [BUFFERS[0] | {"end": 6144}]
    drawn = from_replay(document(launch([core(1, (1, 0, 0, 0), 0)], buffers=small))).ub_map()
    assert drawn.title.endswith("; the first 12,288 are drawn")
    assert 'width="320"' in str(drawn)  # half of the picture


def test_a_chrome_trace_holds_every_step_one_launch_after_another(tmp_path):
    told = launch([core(185, (3, 50, 100, 35), 0.25)] * 2, timeline=STEPS, timeline_dropped=7)
    from_replay(document(told, told)).chrome_trace(tmp_path / "trace.json")
    written = json.loads((tmp_path / "trace.json").read_text())
    steps = [event for event in written["traceEvents"] if event["ph"] == "X"]
    assert len(steps) == 6
    assert [event["ts"] for event in steps[2:4]] == [150.0, 185.0]
    assert steps[0] == {
        "ph": "X", "name": "copy_in", "cat": "add", "ts": 0.0, "dur": 100.0, "pid": 0, "tid": 2,
        "args": {"line": 30, "bytes": 8192},
    }  # fmt: skip
    assert written["otherData"]["steps_dropped"] == 14

import struct

import numpy as np
import pytest

from autograder.box import wire
from autograder.box.observed import observations
from autograder.model import Outcome

ERROR = {"outcome": "crashed", "type": "E", "module": "m", "message": "x", "frames": []}


def record(value):
    data = wire.encode(value)
    return struct.pack(">I", len(data)) + data


def told(records=b"", over="", status=0, output=b""):
    return {
        "records": records,
        "output": output,
        "ended": True,
        "status": status,
        "over": over,
        "cpu_seconds": 1.0,
        "wall_seconds": 2.0,
        "peak_bytes": 3,
    }


def test_a_value_comes_through_with_what_the_call_used():
    (seen,) = observations(told(record({"ok": [1]}), output=b"hi \xff"), 1)
    assert (seen.outcome, seen.value, seen.output) == (Outcome.PASS, [1], "hi \ufffd")
    assert (seen.cpu_seconds, seen.wall_seconds, seen.peak_bytes) == (1.0, 2.0, 3)


def test_an_error_comes_through():
    error = {**ERROR, "outcome": "missing", "frames": [["a.py", 3, "f"]]}
    (seen,) = observations(told(record({"error": error})), 1)
    assert seen.outcome is Outcome.MISSING
    assert (seen.error.type, seen.error.module, seen.error.message) == ("E", "m", "x")
    assert seen.error.frames[0] == ("a.py", 3, "f") or vars(seen.error.frames[0]) == {
        "file": "a.py",
        "line": 3,
        "function": "f",
    }


def test_records_together_hold_no_more_than_one_could():
    large = record({"ok": [0] * (1 << 19)})
    seen = observations(told(large * 3), 3)
    assert [each.outcome for each in seen] == [Outcome.PASS, Outcome.CRASHED, Outcome.CRASHED]


HOSTILE = {
    "garbage": b"garbage that is no record",
    "nothing": b"",
    "cut off": record({"ok": 1})[:-1],
    "giant length": b"\xff\xff\xff\xff" + bytes(100),
    "empty record": bytes(4),
    "no value": struct.pack(">I", 3) + b"\xc1\xc1\xc1",
    "a second record": record({"ok": 1}) * 2,
    "trailing bytes": record({"ok": 1}) + b"x",
    "not a map": record([1]),
    "neither ok nor error": record({}),
    "both ok and error": record({"ok": 1, "error": ERROR}),
    "an outcome of ours": record({"error": {**ERROR, "outcome": "pass"}}),
    "broken": record({"error": {**ERROR, "outcome": "broken"}}),
    "an outcome that is a list": record({"error": {**ERROR, "outcome": []}}),
    "an outcome that is an array": record({"error": {**ERROR, "outcome": np.zeros(2)}}),
    "no type": record({"error": {"outcome": "crashed"}}),
    "a type that is a number": record({"error": {**ERROR, "type": 5}}),
    "a huge message": record({"error": {**ERROR, "message": "x" * 5000}}),
    "frames that are a number": record({"error": {**ERROR, "frames": 5}}),
    "a frame of two": record({"error": {**ERROR, "frames": [["a", 1]]}}),
    "a line below zero": record({"error": {**ERROR, "frames": [["a", -1, "f"]]}}),
    "a line of 64 bits": record({"error": {**ERROR, "frames": [["a", 2**40, "f"]]}}),
    "an error that is a list": record({"error": [1, 2]}),
    "an error that is an array": record({"error": np.zeros(2)}),
    "frames that are an array": record({"error": {**ERROR, "frames": np.zeros((2, 3))}}),
    "frames without end": record({"error": {**ERROR, "frames": [["a.py", 2, "f"]] * 1000}}),
}


@pytest.mark.parametrize("records", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_not_exactly_a_record_is_a_crash(records):
    (seen,) = observations(told(records), 1)
    assert seen.outcome is Outcome.CRASHED
    assert seen.value is None


@pytest.mark.parametrize(
    ("over", "outcome"),
    [("time", Outcome.TIMEOUT), ("memory", Outcome.MEMORY), ("flood", Outcome.CRASHED)],
)
def test_a_passed_limit_takes_the_case_in_progress_and_all_later_ones(over, outcome):
    seen = observations(told(record({"ok": 1}), over, -9), 3)
    assert [each.outcome for each in seen] == [Outcome.PASS, outcome, outcome]
    assert "ended" in seen[-1].output


def test_a_limit_passed_with_the_last_answer_costs_that_answer():
    (seen,) = observations(told(record({"ok": 1}), "time"), 1)
    assert (seen.outcome, seen.value) == (Outcome.TIMEOUT, None)


def test_an_end_by_signal_is_told_to_staff():
    (seen,) = observations(told(status=-11, output=b"tail"), 1)
    assert seen.output.startswith("tail\n[ended by signal 11")
    (seen,) = observations(told(status=-35), 1)
    assert "signal 35" in seen.output


def test_what_a_map_used_is_booked_once():
    seen = observations(told(record({"ok": 1}) * 3), 3)
    assert sum(each.cpu_seconds for each in seen) == 1.0

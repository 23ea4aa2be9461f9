"""The document of ``--json`` is the one outsiders were promised."""

import json
from dataclasses import replace

from report_samples import EVERYTHING, LAB, WRONG, batch_rows, row

from autograder.model import Row, Status
from autograder.report import staff_view, to_json

TOP = ["schema", "lab", "lab_digest", "seed_epoch", "sandbox", "device", "versions", "results"]
RESULT = ["student", "attempt", "submitted_at", "digest", "score", "max_score", "bonus", "status",
          "reason", "exercises"]  # fmt: skip
EXERCISE = ["id", "score", "max_score", "bonus", "tests"]
TEST = ["name", "title", "outcome", "score", "max_score", "hidden", "message", "cpu_seconds",
        "wall_seconds", "peak_bytes", "counters"]  # fmt: skip


def test_keys_and_their_order_are_those_of_the_contract() -> None:
    document = json.loads(to_json(staff_view(LAB, batch_rows())))
    assert list(document) == TOP
    for result in document["results"]:
        assert list(result) == RESULT
        for exercise in result["exercises"]:
            assert list(exercise) == EXERCISE
            assert all(list(test) == TEST for test in exercise["tests"])


def test_values_are_those_of_the_row() -> None:
    (result,) = staff_view(LAB, [row("ada", EVERYTHING, number=2)])["results"]
    assert (result["student"], result["attempt"]) == ("ada", 2)
    assert (result["score"], result["max_score"], result["bonus"]) == (16.5, 36, 0)
    assert (result["status"], result["reason"]) == ("graded", None)
    assert result["submitted_at"] == "2025-10-16T21:02:00+08:00"
    test = result["exercises"][0]["tests"][1]
    assert (test["name"], test["outcome"], test["hidden"]) == ("test_pairs", "wrong", True)
    assert test["message"].startswith("got[2, 3]")
    assert test["counters"] == {"nodes": 61}


def test_every_row_is_there_and_a_rejected_one_lists_all_exercises() -> None:
    results = staff_view(LAB, batch_rows())["results"]
    assert [r["student"] for r in results] == [r.attempt.student for r in batch_rows()]
    olga = next(r for r in results if r["status"] == "rejected")
    assert (olga["score"], olga["max_score"]) == (0, 36)
    assert "outside of itself" in olga["reason"]
    assert [(e["id"], e["score"], e["tests"]) for e in olga["exercises"]] == [
        (e.id, 0, []) for e in LAB.exercises
    ]


def test_the_reason_of_a_rejection_may_stand_on_the_attempt_alone() -> None:
    attempt, result, _ = row("olga", status=Status.REJECTED, reason="no zip")
    (seen,) = staff_view(LAB, [Row(attempt, replace(result, reason=None))])["results"]
    assert seen["reason"] == "no zip"


def test_meta_speaks_where_no_row_does_and_only_there() -> None:
    meta = {
        "seed_epoch": "00000000",
        "sandbox": "none",
        "device": "gpu",
        "versions": {"python": "3"},
    }
    empty = staff_view(LAB, [], **meta)
    assert list(empty) == TOP
    assert empty["lab_digest"] == LAB.digest
    assert (empty["sandbox"], empty["versions"], empty["results"]) == ("none", {"python": "3"}, [])
    assert staff_view(LAB, [row("ada")], **meta)["sandbox"] == "namespace"


def test_nan_and_infinity_become_null() -> None:
    one = row("ada", {"test_pairs": WRONG})
    first = one.result.exercises[0]
    odd = replace(first.tests[0], cpu_seconds=float("inf"), counters={"loss": float("nan")})
    result = replace(one.result, exercises=(replace(first, tests=(odd,)),))
    document = json.loads(to_json(staff_view(LAB, [Row(one.attempt, result)])))
    test = document["results"][0]["exercises"][0]["tests"][0]
    assert test["cpu_seconds"] is None
    assert test["counters"] == {"loss": None}


def test_names_that_are_no_text_can_still_be_written() -> None:
    document = to_json(staff_view(LAB, [row("caf\udce9"), row("张伟")]))
    assert "caf?" in document
    assert "张伟" in document
    document.encode()

"""The student's results.json is what Gradescope accepts."""

import json
from dataclasses import replace

import pytest
from report_samples import EVERYTHING, LAB, MISSING, batch_rows, row

from autograder.model import Row, Status
from autograder.report import student_view

TEST_KEYS = {
    "name", "number", "score", "max_score", "status", "output", "output_format", "visibility",
}  # fmt: skip


def test_score_leaves_bonus_out_and_bonus_tests_have_no_maximum() -> None:
    view = student_view(LAB, row("grace"))
    bonus = [test for test in view["tests"] if test["max_score"] == 0]
    assert view["score"] == 36
    assert [test["score"] for test in bonus] == [5]
    assert bonus[0]["name"] == "Checkpointing (bonus): Same gradients as without."
    assert view["extra_data"]["bonus"] == 5
    assert sum(test["max_score"] for test in view["tests"]) == 36


@pytest.mark.parametrize("one", batch_rows(), ids=lambda one: f"{one.attempt.student}")
def test_every_kind_of_row_gives_a_file_that_gradescope_can_read(one: Row) -> None:
    view = json.loads(json.dumps(student_view(LAB, one), allow_nan=False))
    assert view["stdout_visibility"] == "hidden"
    assert view["extra_data"]["digest"] == one.attempt.digest
    for test in view["tests"]:
        assert set(test) == TEST_KEYS
        assert test["status"] in {"passed", "failed"}
        assert test["visibility"] == "visible"
        assert test["output_format"] == "text"


def test_output_tells_outcome_note_line_and_hint() -> None:
    tests = {
        t["name"].split(": ", 1)[1]: t for t in student_view(LAB, row("ada", EVERYTHING))["tests"]
    }
    assert tests["The same tensor on both sides: `x * x`."]["output"].splitlines() == [
        "Crashed: raised ValueError",
        "Your line: autograd/ops.py:42: return np.transpose(g.data, self.axes)",
        "Hint: Both inputs get a gradient; they add up.",
    ]
    assert tests["Small graphs."]["output"] == "Pass: Your code did all that the test asks."
    assert tests["Gradients with a random upstream."]["status"] == "failed"  # partial


def test_a_broken_row_has_no_score_that_could_cost_points() -> None:
    endings = {test.name: MISSING for test in LAB.tests[1:]}
    view = student_view(LAB, row("pia", endings, status=Status.BROKEN, reason="bwrap"))
    assert "score" not in view
    assert view["tests"]
    assert all("score" not in test and "max_score" not in test for test in view["tests"])
    assert "costs you no points" in view["output"]


def test_a_rejected_row_scores_nothing_and_says_why() -> None:
    view = student_view(LAB, row("olga", status=Status.REJECTED, reason="no zip"))
    assert (view["score"], view["tests"]) == (0, [])
    assert view["output"].startswith("This submission could not be graded: no zip.")


def test_times_are_those_of_the_attempt_and_assumed_ones_are_called_so() -> None:
    view = student_view(LAB, row("grace", assumed=True))
    assert "Thu 16 Oct 2025, 21:01 (UTC+08:00), which is assumed" in view["output"]
    assert view["extra_data"]["submitted_at"] == "2025-10-16T21:01:00+08:00"
    assert view["extra_data"]["submitted_at_assumed"] is True


def test_numbers_that_json_lacks_do_not_occur() -> None:
    one = row("ada")
    first = one.result.exercises[0]
    odd = replace(
        first, tests=(replace(first.tests[0], wall_seconds=float("nan")), *first.tests[1:])
    )
    result = replace(one.result, exercises=(odd, *one.result.exercises[1:]))
    json.dumps(student_view(LAB, Row(one.attempt, result)), allow_nan=False)

"""The next step is the first thing worth doing."""

import pytest
from report_samples import CRASHED, LAB, MISSING, NO_BONUS, PARTIAL, WRONG, Ending, row

from autograder.model import Status
from autograder.report import student_report
from autograder.report.advice import next_step

ALL_MISSING = {test.name: (MISSING[0], MISSING[1], "") for test in LAB.tests}


@pytest.mark.parametrize(
    ("endings", "text"),
    [
        ({"test_pairs": WRONG}, "Start with Broadcasting: 2 of 3 tests pass."),
        ({"test_pairs": WRONG, "test_scalar": PARTIAL},
         "Start with Broadcasting: 1 of 3 tests passes."),
        ({"test_axes": WRONG, "test_logsumexp": WRONG},
         "Start with Reductions: none of its 2 tests passes yet."),
        (ALL_MISSING, "Start with Broadcasting: it is not written yet."),
        ({t.name: CRASHED for t in LAB.tests},
         "Start with autograd/ops.py, line 42: all 12 tests that do not pass stop there."),
        (NO_BONUS,
         "Every test passes. Well done. If you want more: Checkpointing is for bonus points."),
        ({}, "Every test passes. Well done: there is nothing left to do here."),
    ],
)  # fmt: skip
def test_says_where_to_start(endings: dict[str, Ending], text: str) -> None:
    assert next_step(student_report(LAB, row("ada", endings))).text == text


def test_points_at_the_exercise_it_names() -> None:
    step = next_step(student_report(LAB, row("ada", {"test_axes": WRONG})))
    assert step.exercise is not None
    assert step.exercise.id == "reductions"


@pytest.mark.parametrize(
    ("status", "text"),
    [(Status.REJECTED, "hand in again"), (Status.BROKEN, "need not do anything")],
)
def test_an_ungraded_row_says_who_has_to_act(status: Status, text: str) -> None:
    assert text in next_step(student_report(LAB, row("ada", status=status, reason="x"))).text

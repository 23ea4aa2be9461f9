"""No student file can hold what only staff may see."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from report_samples import CRASHED, EVERYTHING, LAB, batch_rows, report, row

from autograder.model import Outcome, Row, Status
from autograder.report import StudentTest, student_report, student_test, write

CANARY = "c4n4ry"
SECRETS = ("name", "message", "counters")


def with_canaries(poisoned: Row) -> Row:
    """Fill every staff-only field of a row with text that no student file may hold."""
    exercises = tuple(
        replace(
            exercise,
            tests=tuple(
                replace(
                    test,
                    name=f"test_{CANARY}_{test.name}",
                    message=f"expected {CANARY}",
                    counters={f"{CANARY}_count": 424242.0},
                )
                for test in exercise.tests
            ),
        )
        for exercise in poisoned.result.exercises
    )
    reason = poisoned.result.reason
    if poisoned.result.status is Status.BROKEN:
        reason = f"test_{CANARY}: the driver said {CANARY}"
    result = replace(poisoned.result, exercises=exercises, reason=reason)
    return Row(replace(poisoned.attempt, source=f"inbox/{CANARY}"), result)


def test_a_student_test_has_no_field_for_a_secret() -> None:
    names = {field.name for field in fields(StudentTest)}
    assert names.isdisjoint({*SECRETS, "source", "output", "value", "inputs", "file"})
    assert not hasattr(StudentTest, "__dict__") or "message" not in vars(StudentTest)


def test_no_student_file_holds_a_secret(tmp_path: Path) -> None:
    write(tmp_path, LAB, [with_canaries(one) for one in batch_rows()])
    files = [path for path in (tmp_path / "students").rglob("*") if path.is_file()]
    assert len(files) == 3 * len(batch_rows())
    for path in files:
        text = path.read_text()
        assert CANARY not in text, path
        assert "424242" not in text, path
        assert not any(test.name in text for test in LAB.tests), path
    assert CANARY in (tmp_path / "index.html").read_text()  # it was there to leak
    assert CANARY in (tmp_path / "results.json").read_text()


def test_hint_shows_only_where_there_is_something_to_change() -> None:
    spec = LAB.tests[0]
    assert student_test(report(spec, CRASHED)).hint == spec.hint
    assert student_test(report(spec, None)).hint == ""
    assert student_test(replace(report(spec, None), outcome=Outcome.BROKEN)).hint == ""


def test_own_line_is_split_into_place_and_code() -> None:
    seen = student_test(report(LAB.tests[0], CRASHED))
    assert seen.place == "autograd/ops.py, line 42"
    assert seen.code == "return np.transpose(g.data, self.axes)"


def test_text_that_disguises_itself_is_made_visible() -> None:
    odd = replace(report(LAB.tests[0], CRASHED), line="a.py:1: x = '\u202e\x00\x1b[31m\udcff'")
    assert student_test(odd).code == "x = '\ufffd\ufffd\ufffd[31m\ufffd'"


def test_a_test_without_title_does_not_fall_back_on_its_name() -> None:
    assert student_test(replace(report(LAB.tests[1], None), title="")).title == "A hidden test"


def test_a_rejected_row_has_no_points_and_no_tests_whatever_its_result_lists() -> None:
    listed = row("olga", {}, status=Status.GRADED)
    rejected = Row(listed.attempt, replace(listed.result, status=Status.REJECTED, reason="no zip."))
    seen = student_report(LAB, rejected)
    assert (seen.score, seen.bonus, seen.tests, seen.reason) == (0.0, 0.0, (), "no zip")
    assert [exercise.max_score for exercise in seen.exercises] == [6, 10, 8, 12, 5]


def test_the_reason_of_a_broken_row_is_for_staff() -> None:
    broken = row("pia", EVERYTHING, status=Status.BROKEN, reason="test_pairs: bwrap failed")
    assert student_report(LAB, broken).reason == ""


@pytest.mark.parametrize("outcome", Outcome)
def test_outcomes_are_counted_in_the_order_of_the_glossary(outcome: Outcome) -> None:
    seen = student_report(LAB, row("ada", {LAB.tests[0].name: (outcome, "", "")}))
    assert seen.outcomes[outcome] == (12 if outcome is Outcome.PASS else 1)

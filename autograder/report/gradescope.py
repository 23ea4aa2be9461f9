"""The student's results.json, in the format that Gradescope reads."""

from typing import Any

from autograder.model import Lab, Outcome, Row, Status
from autograder.report.advice import next_step
from autograder.report.device import device_text
from autograder.report.student import StudentExercise, StudentReport, StudentTest, student_report
from autograder.report.text import finite, moment
from autograder.report.words import WORDS

_FAILED = "Our grader failed while it looked at this submission. It costs you no points."


def student_view(lab: Lab, row: Row) -> dict[str, Any]:
    """Return Gradescope's ``results.json`` for one row: the student view.

    - `score` is without bonus, here as everywhere: whether and how a bonus counts is for the
      course's policies. Gradescope takes the top `score` over the sum of the tests, so the tests of
      a bonus exercise can show what they earned, out of a `max_score` of 0.
    - A broken row has no score at all, neither on top nor in its tests. Gradescope then reports a
      failed autograder run, which staff can start again, instead of recording points that were
      lost by our fault.
    - Gradescope knows only ``passed`` and ``failed``; the outcome's own word opens `output`.
    """
    report = student_report(lab, row)
    view: dict[str, Any] = {
        "score": finite(report.score),
        "execution_time": round(sum(finite(t.wall_seconds) or 0.0 for t in report.tests), 3),
        "output": _summary(report),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": _tests(report),
        "extra_data": _extra(report),
    }
    if report.status is Status.BROKEN:
        del view["score"]
    return view


def failure_view() -> dict[str, Any]:
    """Return a ``results.json`` for where our grader failed before there was a row: no score."""
    return {
        "output": f"{_FAILED} Your staff can run it again.",
        "output_format": "text",
        "stdout_visibility": "hidden",
    }


def _summary(report: StudentReport) -> str:
    handed_in = f"Handed in {moment(report.submitted_at)}"
    if report.assumed:
        handed_in += ", which is assumed: it is when we received it"
    device = device_text(report.device_lines)
    lines = [state(report), next_step(report).text, f"{handed_in}.", device]
    return "\n".join(filter(None, lines))


def state(report: StudentReport) -> str:
    """Return one sentence on what became of the submission; empty for a graded one."""
    if report.status is Status.REJECTED:
        return f"This submission could not be graded: {report.reason or 'it has no usable files'}."
    if report.status is Status.BROKEN:
        return _FAILED
    return ""


def _tests(report: StudentReport) -> list[dict[str, Any]]:
    graded = report.status is not Status.BROKEN
    return [
        _test(f"{e}.{t}", exercise, test, graded=graded)
        for e, exercise in enumerate(report.exercises, start=1)
        for t, test in enumerate(exercise.tests, start=1)
    ]


def _test(
    number: str, exercise: StudentExercise, test: StudentTest, *, graded: bool
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": f"{exercise.title}{' (bonus)' if exercise.bonus else ''}: {test.title}",
        "number": number,
        "score": finite(test.score),
        "max_score": 0.0 if exercise.bonus else test.max_score,
        "status": "passed" if test.outcome is Outcome.PASS else "failed",
        "output": "\n".join(explanation(test)),
        "output_format": "text",
        "visibility": "visible",
    }
    if not graded:
        del entry["score"], entry["max_score"]
    return entry


def explanation(test: StudentTest) -> list[str]:
    """Return the lines that say how a test ended, for formats of plain text."""
    word = WORDS[test.outcome]
    lines = [f"{word.label}: {test.note or word.meaning}"]
    if test.line:
        lines.append(f"Your line: {test.line}")
    if test.hint:
        lines.append(f"Hint: {test.hint}")
    return lines


def _extra(report: StudentReport) -> dict[str, Any]:
    return {
        "schema": 1,
        "lab": report.lab,
        "student": report.student,
        "attempt": report.attempt,
        "submitted_at": report.submitted_at.isoformat(),
        "submitted_at_assumed": report.assumed,
        "digest": report.digest,
        "lab_digest": report.lab_digest,
        "seed_epoch": report.seed_epoch,
        "sandbox": report.sandbox,
        "device": report.device,
        "versions": dict(report.versions),
        "status": str(report.status),
        "reason": report.reason or None,
        "max_score": report.max_score,
        "bonus": finite(report.bonus),
    }

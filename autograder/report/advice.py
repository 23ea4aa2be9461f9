"""The one sentence that tells a student what to do next."""

from dataclasses import dataclass

from autograder.model import Outcome, Status
from autograder.report.student import StudentExercise, StudentReport, StudentTest

_SAME_LINE = 3  # so many failures at one line have one cause


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the exercise to look at (None: no particular one)."""

    text: str
    exercise: StudentExercise | None = None


def next_step(report: StudentReport) -> NextStep:
    """Return the kindest useful next step.

    Labs build on their earlier exercises, so the first unfinished one comes first; unless many
    tests stopped at one and the same line, which is then the thing to look at.
    """
    if report.status is Status.REJECTED:
        return NextStep("Put this right and hand in again.")
    if report.status is Status.BROKEN:
        return NextStep("You need not do anything: we will grade it again.")
    if one_cause := _one_cause(report):
        return one_cause
    first = next((e for e in report.exercises if not (e.done or e.bonus)), None)
    if first is None:
        return _finished(report)
    return NextStep(f"Start with {first.title}: {_standing(first)}.", first)


def _finished(report: StudentReport) -> NextStep:
    bonus = next((e for e in report.exercises if e.bonus and not e.done), None)
    if bonus is None:
        return NextStep("Every test passes. Well done: there is nothing left to do here.")
    text = f"Every test passes. Well done. If you want more: {bonus.title} is for bonus points."
    return NextStep(text, bonus)


def _one_cause(report: StudentReport) -> NextStep | None:
    failed = [test for test in report.tests if test.outcome is not Outcome.PASS]
    lines = {test.line for test in failed}
    if len(failed) < _SAME_LINE or len(lines) != 1 or not failed[0].place:
        return None
    return NextStep(
        f"Start with {failed[0].place}: all {len(failed)} tests that do not pass stop there."
    )


def _standing(exercise: StudentExercise) -> str:
    tests: tuple[StudentTest, ...] = exercise.tests
    if not tests:
        return "no test looked at it"
    if all(test.outcome is Outcome.MISSING for test in tests):
        return "it is not written yet"
    if exercise.passed == 0:
        return f"none of its {len(tests)} tests passes yet" if len(tests) > 1 else "its test fails"
    verb = "passes" if exercise.passed == 1 else "pass"
    return f"{exercise.passed} of {len(tests)} tests {verb}"

"""From verdicts of test cases to points of tests and exercises."""

from collections.abc import Iterable, Mapping, Sequence

from autograder.judge.trial import Trial
from autograder.judge.verdict import Verdict
from autograder.model import ExerciseScore, Lab, Outcome, TestReport, TestSpec

_DECIMALS = 6

Case = tuple[Trial, Verdict]

_NEVER_RAN = (Trial(), Verdict(Outcome.BROKEN, 0.0, message="the test did not run to its end"))


def scores(lab: Lab, cases: Mapping[str, Sequence[Case]]) -> tuple[ExerciseScore, ...]:
    """Return the lab's exercises with the points their tests earned.

    Args:
        lab: its `tests` are the exact set that must have run.
        cases: by test name, what came of each of its cases.
    """
    reports = {test.name: report(test, cases.get(test.name) or [_NEVER_RAN]) for test in lab.tests}
    return tuple(
        ExerciseScore(
            id=exercise.id,
            title=exercise.title,
            max_score=exercise.points,
            bonus=exercise.bonus,
            tests=tuple(reports[t.name] for t in lab.tests if t.exercise == exercise.id),
        )
        for exercise in lab.exercises
    )


def report(test: TestSpec, cases: Sequence[Case]) -> TestReport:
    """Sum up the cases of one test: they share its points; the first that fails speaks."""
    _, worst = speaker(cases)
    share = sum(verdict.fraction for _, verdict in cases) / len(cases)
    return TestReport(
        name=test.name,
        title=test.title,
        outcome=worst.outcome,
        score=round(test.points * share, _DECIMALS),
        max_score=test.points,
        hidden=test.hidden,
        hint="" if worst.outcome is Outcome.PASS else test.hint,
        note=worst.note,
        line=worst.line,
        message=worst.message,
        cpu_seconds=sum(trial.cpu_seconds for trial, _ in cases),
        wall_seconds=sum(trial.wall_seconds for trial, _ in cases),
        peak_bytes=max(trial.peak_bytes for trial, _ in cases),
        counters=_add(trial.counters for trial, _ in cases),
    )


def speaker(cases: Sequence[Case]) -> Case:
    """Return the case that speaks for all: a broken one, else the first that is no pass, if any."""
    broken = (case for case in cases if case[1].outcome is Outcome.BROKEN)
    failed = (case for case in cases if case[1].outcome is not Outcome.PASS)
    return next(broken, None) or next(failed, cases[0])


def _add(counters: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for one in counters:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total

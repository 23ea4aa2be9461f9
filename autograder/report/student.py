"""What a student may see: student pages and files are made from these types and nothing else.

They have no field for a test's name, message, inputs, values, output or source, so that no template
and no format can show one.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.model import ExerciseScore, Lab, Limits, Outcome, Row, Status, TestReport
from autograder.report.device import DeviceLine, device_lines
from autograder.report.text import one_line, printable

_LINE = re.compile(r"(?P<file>.+?):(?P<number>\d+): (?P<code>.*)")
_NO_HINT = {Outcome.PASS, Outcome.BROKEN}  # nothing the student should change


@dataclass(frozen=True)
class StudentTest:
    """The student view of one test."""

    __test__ = False  # pytest: this is not a test class

    title: str
    outcome: Outcome
    score: float
    max_score: float
    hidden: bool
    hint: str  # the author's; empty when there is nothing to change
    note: str  # an exception's type, or the limit that was hit
    line: str  # "file:line: text" of what they handed in themselves
    cpu_seconds: float  # of all calls of the test
    wall_seconds: float
    peak_bytes: int

    @property
    def place(self) -> str:
        """Where their line is: ``file, line 3``."""
        found = _LINE.fullmatch(self.line)
        return f"{found['file']}, line {found['number']}" if found else ""

    @property
    def code(self) -> str:
        """Their line itself."""
        found = _LINE.fullmatch(self.line)
        return found["code"] if found else self.line


@dataclass(frozen=True)
class StudentExercise:
    """The student view of one exercise."""

    id: str
    title: str
    score: float
    max_score: float
    bonus: bool
    tests: tuple[StudentTest, ...]

    @property
    def passed(self) -> int:
        """How many tests pass."""
        return sum(test.outcome is Outcome.PASS for test in self.tests)

    @property
    def done(self) -> bool:
        """Whether every test passes (and there is one)."""
        return 0 < len(self.tests) == self.passed


@dataclass(frozen=True)
class StudentReport:
    """The student view of one row."""

    lab: str
    title: str  # the lab's
    student: str
    group: str
    attempt: int  # 0: not numbered
    submitted_at: datetime
    assumed: bool  # nobody said when: time of arrival
    digest: str
    lab_digest: str
    seed_epoch: str
    sandbox: str
    device: str
    versions: Mapping[str, str]
    status: Status
    reason: str  # of a rejected row; of a broken one it is for staff only
    score: float
    max_score: float
    bonus: float
    limits: Limits
    asked: tuple[str, ...]  # patterns of the files to hand in
    exercises: tuple[StudentExercise, ...]
    device_lines: tuple[DeviceLine, ...]  # none unless a real device was asked for

    @property
    def tests(self) -> tuple[StudentTest, ...]:
        """All tests, in order."""
        return tuple(test for exercise in self.exercises for test in exercise.tests)

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many tests ended in which outcome; only those that occur, in the order of Outcome."""
        count = Counter(test.outcome for test in self.tests)
        return {outcome: count[outcome] for outcome in Outcome if count[outcome]}


def student_test(report: TestReport) -> StudentTest:
    """Return what a student may see of `report`: the one way from a test to student output."""
    return StudentTest(
        title=one_line(report.title) or ("A hidden test" if report.hidden else "A public test"),
        outcome=report.outcome,
        score=report.score,
        max_score=report.max_score,
        hidden=report.hidden,
        hint="" if report.outcome in _NO_HINT else one_line(report.hint),
        note=one_line(report.note).rstrip("."),
        line=printable(report.line).replace("\n", " ").strip(),
        cpu_seconds=report.cpu_seconds,
        wall_seconds=report.wall_seconds,
        peak_bytes=report.peak_bytes,
    )


def student_report(lab: Lab, row: Row) -> StudentReport:
    """Return what a student may see of `row`."""
    attempt, result = row.attempt, row.result
    rejected = result.status is Status.REJECTED
    exercises = scored_exercises(lab, row)
    seen = not rejected and any(t.outcome is not Outcome.BROKEN for e in exercises for t in e.tests)
    return StudentReport(
        lab=lab.id,
        title=one_line(lab.title),
        student=one_line(attempt.student),
        group=one_line(attempt.group or ""),
        attempt=attempt.number,
        submitted_at=attempt.submitted_at,
        assumed=attempt.assumed,
        digest=attempt.digest,
        lab_digest=result.lab_digest,
        seed_epoch=result.seed_epoch,
        sandbox=result.sandbox,
        device=result.device,
        versions=result.versions,
        status=result.status,
        reason=one_line(result.reason or attempt.rejected or "").rstrip(".") if rejected else "",
        score=0.0 if rejected else result.score,
        max_score=result.max_score if result.exercises else lab.max_score,
        bonus=0.0 if rejected else result.bonus,
        limits=lab.limits,
        asked=lab.required or lab.files,
        exercises=tuple(_exercise(exercise, seen=seen) for exercise in exercises),
        device_lines=device_lines(result) if seen else (),
    )


def scored_exercises(lab: Lab, row: Row) -> tuple[ExerciseScore, ...]:
    """Return the exercises of a row's result; of one that names none, the lab's with no test."""
    return row.result.exercises or tuple(
        ExerciseScore(e.id, e.title, e.points, e.bonus, ()) for e in lab.exercises
    )


def _exercise(exercise: ExerciseScore, *, seen: bool) -> StudentExercise:
    """`seen`: tests looked at the submission. If none did, what the result lists says nothing."""
    return StudentExercise(
        id=exercise.id,
        title=one_line(exercise.title),
        score=exercise.score if seen else 0.0,
        max_score=exercise.max_score,
        bonus=exercise.bonus,
        tests=tuple(student_test(test) for test in exercise.tests) if seen else (),
    )

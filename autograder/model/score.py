"""What one judging of one digest said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from autograder.model.outcome import Outcome
from autograder.model.submission import Attempt

_DECIMALS = 6  # shares such as 1/3 add up without a visible remainder


class Status(StrEnum):
    """What became of a submission as a whole."""

    GRADED = "graded"
    REJECTED = "rejected"  # unreadable, too large, wrong files
    BROKEN = "broken"  # our fault; grade it again


@dataclass(frozen=True)
class TestReport:
    """How one test function ended (a parametrised one: all its cases together)."""

    __test__ = False  # pytest: this is not a test class

    name: str
    title: str
    outcome: Outcome
    score: float
    max_score: float
    hidden: bool
    hint: str = ""  # the author's, for the student
    note: str = ""  # one line the student may see: an exception's type, a limit that was hit
    line: str = ""  # "file:line: text", the student's own line nearest the error; they may see it
    message: str = ""  # staff only: may hold inputs, values, output
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    counters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ExerciseScore:
    """The tests of one exercise and what they add up to."""

    id: str
    title: str
    max_score: float
    bonus: bool
    tests: tuple[TestReport, ...]

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(t.score for t in self.tests), _DECIMALS)


@dataclass(frozen=True)
class DeviceRun:
    """A kernel's largest launch again, on a real device beside the reference's. Earns nothing."""

    test: str  # whose launch it is
    file: str
    kernel: str
    device: str = ""  # as its driver names it
    seconds: float | None = None  # median over rounds
    reference_seconds: float | None = None
    limit_fraction: float | None = None  # what the device needs at least, over `seconds`
    note: str = ""  # why figures are missing, or not to be relied on; the student may see it
    detail: str = ""  # staff only

    @property
    def ratio(self) -> float | None:
        """The kernel's time over the reference's."""
        if self.seconds is None or not self.reference_seconds:
            return None
        return self.seconds / self.reference_seconds


@dataclass(frozen=True)
class Result:
    """One judging of one digest."""

    lab: str
    digest: str  # of the accepted files
    lab_digest: str
    seed_epoch: str
    sandbox: str
    device: str
    versions: Mapping[str, str]
    status: Status
    reason: str | None
    exercises: tuple[ExerciseScore, ...]
    device_runs: tuple[DeviceRun, ...] = ()

    @property
    def score(self) -> float:
        """Points earned, without bonus."""
        return round(sum(e.score for e in self.exercises if not e.bonus), _DECIMALS)

    @property
    def max_score(self) -> float:
        """Points to be had, without bonus."""
        return round(sum(e.max_score for e in self.exercises if not e.bonus), _DECIMALS)

    @property
    def bonus(self) -> float:
        """Bonus points earned; never inside `score`."""
        return round(sum(e.score for e in self.exercises if e.bonus), _DECIMALS)


class Row(NamedTuple):
    """One line of a batch: who handed in what, and what was said of it."""

    attempt: Attempt
    result: Result
    result_id: int | None = None  # in the store, which `regrade --as` takes

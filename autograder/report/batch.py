"""What a batch of results says as a whole: distribution of scores, hardest tests."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.model import ExerciseScore, Outcome, Row, Status, TestReport
from autograder.report.text import share

BINS = 10  # of the histogram, each a tenth of the points


@dataclass(frozen=True)
class TestRate:
    """How one test went over a batch."""

    __test__ = False  # pytest: this is not a test class

    exercise: str  # title
    title: str
    name: str
    hidden: bool
    outcomes: dict[Outcome, int]

    @property
    def seen(self) -> int:
        """How many submissions it judged; where it broke, it judged none."""
        return sum(n for outcome, n in self.outcomes.items() if outcome is not Outcome.BROKEN)

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.outcomes.get(Outcome.PASS, 0)

    @property
    def rate(self) -> float:
        """Share that passed, 0..1."""
        return share(self.passed, self.seen)


@dataclass(frozen=True)
class Batch:
    """Figures over the latest graded attempt of each student."""

    statuses: dict[Status, int]  # of all rows
    students: int
    median: float | None  # share of the points, 0..1
    mean: float | None
    full: int  # students with full marks
    bins: tuple[int, ...]  # students per tenth of the points
    hardest: tuple[TestRate, ...]  # lowest rate first


def batch(rows: Sequence[Row]) -> Batch:
    """Return the figures of `rows`."""
    latest = latest_graded(rows)
    shares = [share(row.result.score, row.result.max_score) for row in latest]
    count = Counter(row.result.status for row in rows)
    return Batch(
        statuses={status: count[status] for status in Status},
        students=len({row.attempt.student for row in rows}),
        median=statistics.median(shares) if shares else None,
        mean=statistics.fmean(shares) if shares else None,
        full=sum(one == 1.0 for one in shares),
        bins=_bins(shares),
        hardest=tuple(sorted(_rates(latest), key=lambda test: test.rate)),
    )


def latest_graded(rows: Iterable[Row]) -> list[Row]:
    """Return each student's last graded attempt."""
    last: dict[str, Row] = {}
    for row in rows:
        if row.result.status is Status.GRADED:
            kept = last.setdefault(row.attempt.student, row)
            last[row.attempt.student] = max(kept, row, key=_order)
    return list(last.values())


def _order(row: Row) -> tuple[int, float]:
    return row.attempt.number, row.attempt.submitted_at.timestamp()


def _bins(shares: Iterable[float]) -> tuple[int, ...]:
    count = Counter(min(int(one * BINS), BINS - 1) for one in shares)
    return tuple(count[i] for i in range(BINS))


def _rates(rows: Iterable[Row]) -> list[TestRate]:
    seen: dict[str, tuple[ExerciseScore, TestReport]] = {}
    outcomes: dict[str, Counter[Outcome]] = {}
    for row in rows:
        for exercise in row.result.exercises:
            for test in exercise.tests:
                seen.setdefault(test.name, (exercise, test))
                outcomes.setdefault(test.name, Counter())[test.outcome] += 1
    return [
        TestRate(exercise.title, test.title, name, test.hidden, dict(outcomes[name]))
        for name, (exercise, test) in seen.items()
    ]

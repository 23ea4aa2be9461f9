"""Figures of a batch count each student once, and nothing that was our fault."""

from report_samples import BROKEN, WRONG, batch_rows, row

from autograder.model import Status
from autograder.report.batch import batch, latest_graded


def test_only_the_latest_graded_attempt_of_a_student_counts() -> None:
    rows = [
        row("ada", {}, number=3, status=Status.BROKEN),
        row("ada", {}, number=2),
        row("ada", {"test_pairs": WRONG}, number=1),
    ]
    assert [one.attempt.number for one in latest_graded(rows)] == [2]


def test_figures_of_a_batch() -> None:
    figures = batch(batch_rows())
    assert figures.statuses == {Status.GRADED: 7, Status.REJECTED: 1, Status.BROKEN: 1}
    assert (figures.students, figures.full) == (8, 2)
    assert sum(figures.bins) == 6
    assert figures.bins[9] == 2
    assert figures.hardest[0].name == "test_same_gradients"
    rates = [test.rate for test in figures.hardest]
    assert rates == sorted(rates)


def test_a_broken_test_is_not_a_hard_one() -> None:
    (first, *_) = batch([row("ada", {"test_pairs": BROKEN}), row("bob")]).hardest
    pairs = next(t for t in batch([row("ada", {"test_pairs": BROKEN}), row("bob")]).hardest
                 if t.name == "test_pairs")  # fmt: skip
    assert (pairs.passed, pairs.seen, pairs.rate) == (1, 1, 1.0)
    assert first.rate == 1.0


def test_no_rows_give_no_figures() -> None:
    figures = batch([])
    assert (figures.median, figures.mean, figures.hardest) == (None, None, ())

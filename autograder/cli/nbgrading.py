"""The work behind `grade --from-nbgrader`: judge a class in parallel; then fill the grade book."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from autograder.cli.batch import grade_paths
from autograder.cli.progress import waiting
from autograder.cli.terms import Terms
from autograder.errors import UsageError
from autograder.executor import Executor
from autograder.model import Row, Status
from autograder.nbgrader.class_folder import fill_grade_book, hand_ins
from autograder.nbgrader.grade_book import open_book, record_absent
from autograder.nbgrader.judging import Judged


def grade_class(
    terms: Terms, folder: Path, paths: Sequence[Path], place: Executor, store: str | None
) -> list[Row]:
    """Judge what nbgrader collected in `folder`.

    Raises:
        UsageError: `folder` is no course folder, or `paths` are given as well.
    """
    if paths:
        raise UsageError(
            "--from-nbgrader takes all that nbgrader collected: name no PATH beside it"
        )
    found = hand_ins(folder, terms.lab.id)
    times = {path: time for path, time in found.items() if time is not None}
    return grade_paths(terms, list(found), place, store, None, times)


def fill(terms: Terms, folder: Path, rows: Sequence[Row], store: str | None) -> None:
    """Let nbgrader take over what `rows` say: the results are found in the store.

    Raises:
        InfraError: nbgrader failed for some student; the others are in its grade book.
    """
    with waiting("Filling nbgrader's grade book"):
        absent = [row for row in rows if not _notebook(row, terms.lab.id).exists()]
        alone = {
            row.attempt.student: (Judged.of(row.result), row.attempt.submitted_at.astimezone(UTC))
            for row in absent
            if row.result.status is not Status.BROKEN
        }
        with open_book(folder, terms.course.id) as book:
            record_absent(book, terms.lab.id, alone)
        if len(absent) < len(rows):
            fill_grade_book(folder, terms.lab.id, store)


def _notebook(row: Row, lab: str) -> Path:
    return Path(row.attempt.source) / f"{lab}.ipynb"

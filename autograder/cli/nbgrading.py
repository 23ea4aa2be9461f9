"""The work behind `grade --from-nbgrader`: judge a class in parallel, then fill the grade book."""

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
    """Judge what nbgrader collected in `folder`, and let it take over the results.

    Raises:
        InfraError: nbgrader failed; what was judged is kept.
        UsageError: `folder` is no course folder, or `paths` are given as well.
    """
    if paths:
        raise UsageError(
            "--from-nbgrader takes all that nbgrader collected: name no PATH beside it"
        )
    found = hand_ins(folder, terms.lab.id)
    times = {path: time for path, time in found.items() if time is not None}
    rows = grade_paths(terms, list(found), place, store, None, times)
    with waiting("Filling nbgrader's grade book"):
        absent = [row for row in rows if not _notebook(row, terms.lab.id).exists()]
        if len(absent) < len(rows):
            fill_grade_book(folder, terms.lab.id, store)
        alone = {
            row.attempt.student: (Judged.of(row.result), row.attempt.submitted_at.astimezone(UTC))
            for row in absent
            if row.result.status is not Status.BROKEN
        }
        with open_book(folder, terms.course.id) as book:
            record_absent(book, terms.lab.id, alone)
    return rows


def _notebook(row: Row, lab: str) -> Path:
    return Path(row.attempt.source) / f"{lab}.ipynb"

"""What is written into nbgrader's grade book: scores by the judge, and none of a written answer."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from nbgrader.api import Gradebook

from autograder.nbgrader.judging import Judged
from autograder.nbgrader.scripts import path_with_scripts

_BY_HAND = "markdown"  # cells of this type are marked by people


def open_book(folder: Path, course_id: str) -> Any:
    """Open the grade book of a course folder, to be used in a ``with`` block."""
    with mock.patch.dict(os.environ, PATH=path_with_scripts()):
        return Gradebook(f"sqlite:///{folder.absolute()}/gradebook.db", course_id)


def record(grades: Iterable[Any], judged: Judged) -> None:
    """Set the score of every graded cell of a hand-in, whatever stood there."""
    for grade in grades:
        _record(grade, judged)


def record_absent(book: Any, lab: str, hand_ins: Mapping[str, tuple[Judged, datetime]]) -> None:
    """Write down what students earned who handed in files, but no notebook; nothing is to mark.

    Args:
        book: From `open_book`.
        lab: Id of lab, assignment and notebook.
        hand_ins: By student: what the judge says, and when it was handed in, in UTC.
    """
    for student, (judged, at) in hand_ins.items():
        book.update_or_create_student(student)
        book.update_or_create_submission(lab, student, timestamp=at.replace(tzinfo=None))
        notebook = book.find_submission_notebook(lab, lab, student)
        for grade in notebook.grades:
            grade.auto_score = 0.0  # no answer was written
        record(notebook.grades, judged)
        book.db.commit()


def _record(grade: Any, judged: Judged) -> None:
    if grade.cell.cell_type == _BY_HAND:
        # nbgrader gives 0 where nothing was written; more than that is for people to give.
        if grade.auto_score:
            grade.auto_score = None
        grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
        return
    points = judged.points(grade.name)
    bonus = judged.is_bonus(grade.name)
    grade.auto_score = 0.0 if bonus else min(points, grade.max_score)
    if bonus:
        grade.extra_credit = points
    grade.needs_manual_grade = grade.manual_score is not None

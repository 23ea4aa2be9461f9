"""Sets up the folder in which nbgrader's own verbs work: configuration, assignments, roster."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.course import build, load_course, load_lab
from autograder.course.lab_card import NAME, lab_card
from autograder.errors import UsageError
from autograder.model import Course, Lab
from autograder.model.patterns import matches
from autograder.nbgrader.grade_book import open_book

CONFIG = "nbgrader_config.py"
_TEXT = '''\
"""Written by `autograder nbgrader init`; run it again after the course or a lab has changed."""

c = get_config()

c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = {id!r}
{exchange}
# A hand-in belongs to the account that owns it, whatever name it states.
c.ExchangeFactory.collect = "autograder.nbgrader.collecting.OwnersCollect"
# Of a notebook only the written answers are taken; no notebook is run: the judge looks at the
# files, in a box, and its result is recorded.
c.Autograde.exporter_class = "autograder.nbgrader.exporter.AnswersExporter"
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.TakeScores",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.nbgrader.preprocessors.RecordScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.AssignLatePenalties.plugin_class = "autograder.nbgrader.late.LatePolicy"
# c.LatePolicy.policy = "module:function"  # of student, score, seconds late; returns points
# Feedback is our report, with the answers that people marked.
c.GenerateFeedback.exporter_class = "autograder.nbgrader.feedback.FeedbackExporter"
# Formgrader shows written answers: no script in one may run.
c.HTMLExporter.filters = {{"markdown2html": "autograder.nbgrader.safe_html.safe_markdown2html"}}
c.TakeScores.course = {course!r}
c.OverwriteCells.add_missing_cells = True
c.Autograde.exclude_overwriting = {kept!r}
c.ClearSolutions.text_stub = "*Your answer here.*"
# Its panel would show the server's token.
c.FormgradeExtension.debug = False
'''
_COLUMNS = ("id", "first_name", "last_name", "email")


class Student(NamedTuple):
    """A line of the roster."""

    id: str
    first_name: str
    last_name: str
    email: str


def set_up(
    root: Path, target: Path, *, roster: Path | None = None, exchange: Path | None = None
) -> list[str]:
    """Make `target` a course folder of nbgrader for the course in `root`; return its assignments.

    What is there already is kept: the grade book, hand-ins, and all that nbgrader makes from them.
    The configuration and ``source/`` are written anew.

    Raises:
        CourseError: a lab is wrong.
        UsageError: no lab has a notebook, the roster is no roster, or `target` cannot be written.
    """
    course = load_course(root)
    labs = [lab for id in course.lab_ids if _has_notebook(lab := load_lab(root, id))]
    if not labs:
        raise UsageError(f"no lab of {course.id} has a notebook; write solutions/<lab>/tour.py")
    students = _read_roster(roster) if roster else []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for lab in labs:
            _write_source(root, target / "source" / lab.id, course, lab)
        (target / CONFIG).write_text(_config(root, target, course, labs, exchange), "utf-8")
        if exchange:
            exchange.mkdir(parents=True, exist_ok=True)
            exchange.chmod(0o1777)  # all accounts write there, and move nothing of another's
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; name another folder") from error
    _fill_grade_book(target, course, labs, students)
    return [lab.id for lab in labs]


def _has_notebook(lab: Lab) -> bool:
    return (lab.starter / f"{lab.id}.ipynb").exists()


def _write_source(root: Path, folder: Path, course: Course, lab: Lab) -> None:
    """Write what students receive: nbgrader releases it as it is."""
    given = {**build(root, lab.id), PurePosixPath(NAME): lab_card(course, lab)}
    for name, data in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _config(
    root: Path, target: Path, course: Course, labs: Sequence[Lab], exchange: Path | None
) -> str:
    where = f"c.Exchange.root = {str(exchange.absolute())!r}\n" if exchange else ""
    return _TEXT.format(
        root=str(target.absolute()),
        id=course.id,
        exchange=where,
        course=str(root.absolute()),
        kept={lab.id: [str(name) for name in _handed_in(root, lab)] for lab in labs},
    )


def _handed_in(root: Path, lab: Lab) -> Iterator[PurePosixPath]:
    """Yield the files that students change: nbgrader would put ours in their place."""
    names = build(root, lab.id)
    return (n for n in names if n.suffix != ".ipynb" and matches(lab.files, str(n)))


def _read_roster(path: Path) -> list[Student]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as CSV ({error})") from error
    if not rows or "id" not in rows[0]:
        raise UsageError(
            f"{path}:1: a roster has the columns {', '.join(_COLUMNS)}; id must be one"
        )
    students = [Student(*((row.get(name) or "").strip() for name in _COLUMNS)) for row in rows]
    for number, student in enumerate(students, 2):
        if not student.id:
            raise UsageError(f"{path}:{number}: this student has no id; write one")
    return students


def _fill_grade_book(
    target: Path, course: Course, labs: Sequence[Lab], students: Sequence[Student]
) -> None:
    due = {lab: a.due for a in course.assignments for lab in a.labs}
    with open_book(target, course.id) as book:
        for lab in labs:
            at = due[lab.id].astimezone(UTC).replace(tzinfo=None) if lab.id in due else None
            book.update_or_create_assignment(lab.id, duedate=at)
        for student in students:
            known = {name: value for name, value in student._asdict().items() if value}
            book.update_or_create_student(known.pop("id"), **known)

"""The HTML pages: one self-contained file each, fed with views and nothing else."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from autograder.model import ExerciseScore, Lab, Outcome, Row, TestReport
from autograder.report import text
from autograder.report.advice import next_step
from autograder.report.batch import batch
from autograder.report.device import EXPLANATION, HEADING
from autograder.report.student import scored_exercises, student_report
from autograder.report.words import WORDS

if TYPE_CHECKING:  # students install no Jinja2, and `check` needs no page
    from jinja2 import Environment
    from markupsafe import Markup

GENERATOR = "autograder report"  # in a <meta> of every page: by it we know our own files again
_CODE = re.compile(r"`([^`]+)`")
_MAX_MESSAGE = 4000  # characters of one message on the staff page; results.json holds it whole


def student_page(lab: Lab, row: Row) -> str:
    """Return the page of one row for the student. It runs no script and loads nothing."""
    report = student_report(lab, row)
    return _render("student.html", report=report, step=next_step(report))


def staff_page(lab: Lab, rows: Sequence[Row], folders: Sequence[PurePosixPath]) -> str:
    """Return the page of a batch for staff; `folders` say where each row's own page is."""
    from markupsafe import Markup

    lines = [StaffRow(lab, row, folder) for row, folder in zip(rows, folders, strict=True)]
    script = _source("staff.js")
    return _render(
        "staff.html",
        lab=lab,
        rows=lines,
        batch=batch(rows),
        first=rows[0].result if rows else None,
        script=Markup(script),  # ours
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        max_message=_MAX_MESSAGE,
    )


@dataclass(frozen=True)
class StaffRow:
    """One row as the staff page shows it."""

    lab: Lab
    row: Row
    folder: PurePosixPath

    @property
    def exercises(self) -> tuple[ExerciseScore, ...]:
        """The exercises in the order of the lab; of an older lab, those of the result."""
        return scored_exercises(self.lab, self.row)

    @property
    def by_id(self) -> dict[str, ExerciseScore]:
        """The exercises by id: an older result may lack some of the lab's."""
        return {exercise.id: exercise for exercise in self.exercises}

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many tests ended in which outcome; only those that occur."""
        ended = [test.outcome for exercise in self.exercises for test in exercise.tests]
        return {outcome: ended.count(outcome) for outcome in Outcome if outcome in ended}

    @property
    def telling(self) -> list[tuple[ExerciseScore, TestReport]]:
        """The tests that staff may want to read about: not passed, or with a message."""
        return [
            (exercise, test)
            for exercise in self.exercises
            for test in exercise.tests
            if test.outcome is not Outcome.PASS or test.message
        ]


def _render(template: str, **view: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(words=WORDS, generator=GENERATOR, Outcome=Outcome, **view)
    )


def _source(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (text.percent, text.points, text.seconds, text.size, text.moment, text.short)
    for show in (*shown, text.duration):
        environment.filters[show.__name__] = show
    environment.filters["code_spans"] = code_spans
    environment.globals["share"] = text.share
    environment.globals["device_heading"] = HEADING
    environment.globals["device_explanation"] = EXPLANATION
    return environment


def _clean(value: object) -> object:
    """Every text passes here on its way into a page, before it is escaped."""
    return text.printable(value) if type(value) is str else value


def code_spans(prose: str) -> "Markup":
    """Return an author's line as HTML in which `...` is code; all else is escaped."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text.printable(prose)))))

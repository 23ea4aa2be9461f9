"""What a student gets back by nbgrader: our report, and what people said of written answers."""

from collections.abc import Collection, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbgrader.api import Gradebook

from autograder.nbgrader.answers import NO_ANSWERS
from autograder.nbgrader.judging import report_page
from autograder.nbgrader.safe_html import safe_markdown2html
from autograder.nbgrader.submitted import handed_in

_PLACE = "</main>"  # of the report; what people said comes before it


class FeedbackExporter(HTMLExporter):
    """Makes one page of the student's report and the marked answers; it runs and loads nothing."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Return the page for the autograded notebook `nb`, and `resources`.

        Raises:
            InfraError: the report cannot be made.
        """
        # Scores and comments are put into the cells by nbgrader; its template is not used.
        nb, resources = super(TemplateExporter, self).from_notebook_node(nb, resources, **kw)
        asked = resources["nbgrader"]
        folder, time = handed_in(self.config, asked["student"], asked["assignment"])
        course = Path(self.config.TakeScores.course)
        report = report_page(course, asked["assignment"], folder, time)
        return with_answers(report, nb.cells, asked, _unmarked(asked)), resources


def with_answers(
    report: str, cells: Collection[Any], marks: Mapping[str, Any], unmarked: Collection[str]
) -> str:
    """Return the page `report` with the written answers at its end.

    Args:
        report: The student's report.
        cells: Of the autograded notebook, with scores and comments as nbgrader puts them in.
        marks: The hand-in's ``score``, ``max_score`` and ``late_penalty``.
        unmarked: The answers that wait for a mark, by grade_id.
    """
    before, place, after = report.rpartition(_PLACE)
    return f"{before}{''.join(_section(cells, marks, unmarked))}{place}{after}"


def _unmarked(asked: Mapping[str, Any]) -> set[str]:
    with Gradebook(asked["db_url"]) as book:
        notebook = book.find_submission_notebook(
            asked["notebook"], asked["assignment"], asked["student"]
        )
        return {grade.name for grade in notebook.grades if grade.needs_manual_grade}


def _section(
    cells: Collection[Any], marks: Mapping[str, Any], unmarked: Collection[str]
) -> Iterator[str]:
    """Yield HTML in the report's own classes."""
    yield '<section class="card exercise" id="answers"><header><h2>With marks by people</h2>'
    yield f'<p class="got">{marks["score"]:g} / {marks["max_score"]:g}</p></header>'
    if marks["late_penalty"]:
        yield f"<p>{marks['late_penalty']:g} points are taken off for lateness.</p>"
    yield "<ul>"
    for cell in cells:
        yield from _note(cell)
        yield from _answer(cell, unmarked)
    yield "</ul></section>"


def _note(cell: Any) -> Iterator[str]:
    if cell.get("id") == NO_ANSWERS:
        yield f'<li class="test open"><div class="why">{safe_markdown2html(cell.source)}</div></li>'


def _answer(cell: Any, unmarked: Collection[str]) -> Iterator[str]:
    marks = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "markdown" or not (marks.get("grade") and marks.get("solution")):
        return
    waits = marks["grade_id"] in unmarked
    yield '<li class="test open"><span><span class="tag" style="margin:0">written</span></span>'
    mark = "&ndash;" if waits else f"{marks['score']:g}"
    yield f'<p class="got">{mark} / {marks["points"]:g}</p>'
    yield f"<h3>{escape(marks['grade_id'])}</h3>"
    yield f'<div class="why">{safe_markdown2html(cell.source)}'
    if waits:
        yield '<p class="soft">Not marked yet; the total is without it.</p>'
    if comment := marks.get("comment"):
        yield f'<div class="hint"><b>Comment.</b> {safe_markdown2html(comment)}</div>'
    yield "</div></li>"

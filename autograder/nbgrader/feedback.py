"""What a student gets back by nbgrader: our report, and what people said of written answers."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter

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
        page = report_page(course, asked["assignment"], folder, time)
        before, place, after = page.rpartition(_PLACE)
        section = "".join(_sections(nb, asked))
        return f"{before}{section}{place}{after}", resources


def _sections(nb: Any, asked: Any) -> Iterator[str]:
    """Yield HTML in the report's own classes."""
    yield '<section class="card exercise" id="answers"><header><h2>With marks by people</h2>'
    yield f'<p class="got">{asked["score"]:g} / {asked["max_score"]:g}</p></header>'
    if asked["late_penalty"]:
        yield f"<p>{asked['late_penalty']:g} points are taken off for lateness.</p>"
    yield "<ul>"
    for cell in nb.cells:
        yield from _answer(cell)
    yield "</ul></section>"


def _answer(cell: Any) -> Iterator[str]:
    marks = cell.metadata.get("nbgrader", {})
    if cell.get("id") == NO_ANSWERS:
        yield f'<li class="test open"><div class="why">{safe_markdown2html(cell.source)}</div></li>'
    if cell.cell_type != "markdown" or not marks.get("solution"):
        return
    yield '<li class="test open"><span><span class="tag">written</span></span>'
    yield f'<p class="got">{marks["score"]:g} / {marks["points"]:g}</p>'
    yield f"<h3>{escape(marks['grade_id'])}</h3>"
    yield f'<div class="why">{safe_markdown2html(cell.source)}'
    if comment := marks.get("comment"):
        yield f'<div class="hint"><b>Comment.</b> {safe_markdown2html(comment)}</div>'
    yield "</div></li>"

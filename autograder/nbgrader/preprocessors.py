"""What nbgrader runs over a handed-in notebook instead of the notebook itself."""

from html import escape
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.errors import InfraError
from autograder.nbgrader.grade_book import record
from autograder.nbgrader.judging import Judged, judge
from autograder.nbgrader.submitted import handed_in

_JUDGED = "autograder"  # where a Judged lies among nbconvert's resources


class TakeScores(NbGraderPreprocessor):
    """Judges the handed-in files, and shows in each exercise's cell what they earned."""

    course = Unicode(help="The root folder of the course that holds labs/.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Replace what a student's kernel left in code cells by what the judge says.

        Raises:
            InfraError: it could not be judged; nbgrader records nothing.
        """
        if not self.course:
            raise InfraError("c.TakeScores.course names no course; run autograder nbgrader init")
        asked = resources["nbgrader"]
        folder, time = handed_in(self.config, asked["student"], asked["assignment"])
        judged = judge(Path(self.course), asked["assignment"], folder, time)
        if judged.reason:
            self.log.warning("%s earns nothing: %s", folder, judged.reason)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = _shown(cell, judged), None
        resources[_JUDGED] = judged
        return nb, resources


class RecordScores(NbGraderPreprocessor):
    """Writes what the judge said into the grade book, whatever the notebook's cells claim to be."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Set the score of every graded cell that the assignment has, in the notebook or not."""
        judged: Judged = resources[_JUDGED]
        asked = resources["nbgrader"]
        with Gradebook(asked["db_url"]) as book:
            notebook = book.find_submission_notebook(
                asked["notebook"], asked["assignment"], asked["student"]
            )
            record(notebook.grades, judged)
            book.db.commit()
        return nb, resources


def _shown(cell: Any, judged: Judged) -> list[Any]:
    """Return the outputs of a code cell: none, unless it is the cell of an exercise.

    nbgrader reads a score from the first result, and gives full marks where there is none: so a
    graded cell always says a number.
    """
    marks = cell.metadata.get("nbgrader", {})
    if not marks.get("grade"):
        return []
    id, most = marks.get("grade_id", ""), float(marks.get("points", 0.0))
    page = {"text/html": _page(id, judged), "text/plain": ""}
    points = 0.0 if judged.is_bonus(id) else min(judged.points(id), most)
    number = {"text/plain": repr(points)}
    return [new_output("display_data", page), new_output("execute_result", number)]


def _page(id: str, judged: Judged) -> str:
    if judged.reason:
        return f"<p>Not judged: {escape(judged.reason)}</p>"
    exercise = judged.exercises.get(id)
    if exercise is None:
        return "<p>This cell is no exercise of the lab.</p>"
    rows = [("test", "outcome", "points")]
    rows += [
        (test["title"], test["outcome"], f"{test['score']:g} / {test['max_score']:g}")
        for test in exercise["tests"]
    ]
    return f"<table>{''.join(map(_row, rows))}</table>"


def _row(words: tuple[str, ...]) -> str:
    # Styled here: formgrader and feedback have style sheets of their own.
    cells = (f'<td style="padding-right: 1em">{escape(word)}</td>' for word in words)
    return f"<tr>{''.join(cells)}</tr>"

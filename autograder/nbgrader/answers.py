"""Takes from a handed-in notebook what people are to mark, and nothing else.

A notebook that a student hands in is a stranger's file: cells may be edited, copied, lost, marked
as something else, or full of outputs. So it is not mended: the released notebook is taken, and the
student's written answers are put into it.
"""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nbformat.v4 import new_markdown_cell

MOST_BYTES = 128 << 20  # of a notebook; outputs of 100 MB are read, and dropped
NO_ANSWERS = "no-answers"  # id of the cell that says why there are none
LONGEST = 100_000  # characters of an answer
_CUT = "\n\n*(The rest was cut: an answer may have 100,000 characters.)*"


class Answers(NamedTuple):
    """What a notebook says in the places for answers."""

    texts: Mapping[str, str]  # by grade_id; of two cells with one name the first counts
    problem: str | None = None  # why there are none


def read_answers(path: Path) -> Answers:
    """Return the written answers in the notebook at `path`, whatever it is."""
    try:
        if path.is_symlink() or not path.is_file():
            return Answers({}, "it is a link, or no file")
        if path.stat().st_size > MOST_BYTES:
            return Answers({}, f"it is larger than {MOST_BYTES >> 20} MiB")
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        return Answers({}, f"it cannot be read as a notebook ({type(error).__name__})")
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        return Answers({}, "it has no cells, or is of a format older than 4")
    texts: dict[str, str] = {}
    for cell in cells:
        for name, text in _answer(cell):
            texts.setdefault(name, text)
    return Answers(texts, None if texts else "no cell is a place for an answer any more")


def _answer(cell: Any) -> list[tuple[str, str]]:
    """Return the name and the text of a cell that has both."""
    match cell:
        case {"metadata": {"nbgrader": {"grade_id": str(name)}}, "source": str(text)}:
            return [(name, _cut(text))]
        case {"metadata": {"nbgrader": {"grade_id": str(name)}}, "source": [*lines]}:
            return [(name, _cut("".join(line for line in lines if isinstance(line, str))))]
    return []


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + _CUT


def filled_in(released: Any, answers: Answers) -> Any:
    """Return a copy of the `released` notebook with `answers` in its places for answers."""
    notebook = copy.deepcopy(released)
    if answers.problem:
        said = (
            f"**No written answer was taken from the notebook you handed in: {answers.problem}.**"
        )
        notebook.cells.insert(0, new_markdown_cell(said, id=NO_ANSWERS))
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and marks.get("solution"):
            cell.source = answers.texts.get(marks["grade_id"], cell.source)
    return notebook

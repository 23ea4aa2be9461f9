"""A lab's notebook, built from text: a tour through its exercises, with nbgrader's metadata.

The text is a Python script with ``# %%`` before each cell (jupytext's percent format). Two kinds of
cells are marked: ``# %% exercise="matmul"`` holds ``# %check matmul`` and becomes the locked cell
that takes the exercise's score; ``# %% [markdown] written="fusion" points=5`` becomes the place of
an answer that is marked by hand.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.course.tree import read_text
from autograder.errors import CourseError
from autograder.model import Lab
from autograder.plugins import suggest

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_MARKS = {"exercise", "written", "points"}
_LAYOUT = {"lines_to_next_cell"}  # jupytext's own
_SCHEMA = 3  # of nbgrader's metadata


def notebook(lab: Lab, tour: Path) -> bytes:
    """Return the notebook that the text `tour` describes: the same bytes for the same text.

    Raises:
        CourseError: an exercise has no cell, or two; a cell is marked in a way that means nothing;
            jupytext is not installed.
    """
    cells = _read(tour)
    written = [_cell(lab, tour, number, cell) for number, cell in enumerate(cells, 1)]
    _check_complete(lab, tour, written)
    language = {"language_info": {"name": "python"}, "kernelspec": _KERNEL}
    document = {"cells": written, "metadata": language, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _read(tour: Path) -> list[Any]:
    try:
        import jupytext
    except ImportError:
        hint = "install it: python -m pip install 'systems-for-ai[lab]'"
        raise CourseError.at(tour, 1, f"notebooks are built by jupytext; {hint}") from None
    cells: list[Any] = jupytext.reads(read_text(tour), fmt="py:percent").cells
    return cells


def _cell(lab: Lab, tour: Path, number: int, cell: Any) -> dict[str, Any]:
    marks = {key: value for key, value in cell.metadata.items() if key in _MARKS}
    if unknown := set(cell.metadata) - _MARKS - _LAYOUT:
        message = f"cell {number} is marked {unknown.pop()!r}; mark exercise, written, points"
        raise CourseError.at(tour, 1, message)
    grading = _grading(lab, tour, number, cell, marks)
    built = {
        "cell_type": cell.cell_type,
        "id": grading.get("grade_id", f"cell-{number}"),
        "metadata": {"nbgrader": grading} if grading else {},
        "source": cell.source.splitlines(keepends=True),
    }
    return built | ({"execution_count": None, "outputs": []} if cell.cell_type == "code" else {})


def _grading(
    lab: Lab, tour: Path, number: int, cell: Any, marks: Mapping[str, Any]
) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell; empty for one that earns nothing."""
    if "exercise" in marks:
        return _of_exercise(lab, tour, number, cell, marks["exercise"])
    if "written" not in marks:
        return {}
    points = marks.get("points")
    if cell.cell_type != "markdown" or not isinstance(points, int) or points <= 0:
        message = f'cell {number} is no place for an answer; write [markdown] written="…" points=N'
        raise CourseError.at(tour, 1, message)
    return _metadata(str(marks["written"]), float(points), "markdown", by_hand=True)


def _of_exercise(lab: Lab, tour: Path, number: int, cell: Any, id: str) -> dict[str, Any]:
    known = {exercise.id: exercise for exercise in lab.exercises}
    if id not in known:
        message = f"cell {number}: there is no exercise {id!r}; {suggest(id, known)}"
        raise CourseError.at(tour, 1, message)
    if cell.source.strip() != f"%check {id}":
        raise CourseError.at(tour, 1, f"cell {number} must hold '# %check {id}' and nothing else")
    # nbgrader refuses more than a cell's points, and knows no bonus: it is added beside the cell.
    points = 0.0 if known[id].bonus else known[id].points
    return _metadata(id, points, "code", by_hand=False)


def _metadata(id: str, points: float, kind: str, *, by_hand: bool) -> dict[str, Any]:
    return {
        "cell_type": kind,
        "grade": True,
        "grade_id": id,
        "locked": not by_hand,
        "points": points,
        "schema_version": _SCHEMA,
        "solution": by_hand,
        "task": False,
    }


def _check_complete(lab: Lab, tour: Path, cells: list[dict[str, Any]]) -> None:
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if cell["metadata"]]
    if twice := next((id for id in ids if ids.count(id) > 1), None):
        raise CourseError.at(tour, 1, f"two cells are called {twice!r}; rename one")
    if lacking := next((e.id for e in lab.exercises if e.id not in ids), None):
        message = f'no cell checks {lacking!r}; write # %% exercise="{lacking}"'
        raise CourseError.at(tour, 1, message)

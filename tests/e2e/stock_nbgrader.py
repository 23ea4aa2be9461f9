"""A course of nbgrader as it comes: its own judge, one small assignment."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.nbgrader.scripts import path_with_scripts

FULL = {"ladder": 10.0, "asserts": 10.0}
_SOLUTION = """
def add(a, b):
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION
"""
_LADDER = "4 * (add(1, 2) == 3) + 6 * (add(20, 3) == 23)"
_ASSERTS = """
assert add(2, 2) == 4
### BEGIN HIDDEN TESTS
assert add(40, 2) == 42
### END HIDDEN TESTS
"""

Cheat = Callable[[Any], None]


class Stock:
    """A course folder; `grade` returns what its own judge gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        config = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"
        (folder / "nbgrader_config.py").write_text(
            f"{config}c.CourseDirectory.root = {str(folder)!r}\n"
        )
        cells = [_cell("answer", _SOLUTION, solution=True)]
        cells += [_cell("ladder", _LADDER, points=10), _cell("asserts", _ASSERTS, points=10)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        _write(new_notebook(cells=cells, metadata=kernel), folder / "source/hw/hw.ipynb")
        self._nbgrader("generate_assignment", "hw")

    def grade(self, cheats: Mapping[str, Cheat]) -> dict[str, dict[str, float]]:
        """Return points by cell, for students who did that to the released notebook."""
        for student, cheat in cheats.items():
            notebook = nbformat.read(self.folder / "release/hw/hw.ipynb", as_version=4)
            cheat(notebook)
            _write(notebook, self.folder / "submitted" / student / "hw/hw.ipynb")
        self._nbgrader("autograde", "hw")
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db", "stock") as book:
            return {
                student: {
                    grade.name: grade.score
                    for grade in book.find_submission_notebook("hw", "hw", student).grades
                }
                for student in cheats
            }

    def _nbgrader(self, *words: str) -> None:
        env = os.environ | {
            "PATH": path_with_scripts(),
            **{f"JUPYTER_{n}_DIR": str(self.folder / n) for n in ("CONFIG", "RUNTIME")},
            "IPYTHONDIR": str(self.folder / "ipython"),
        }
        command = [sys.executable, "-m", "nbgrader", *words]
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def answering(source: str) -> Cheat:
    """Return what puts `source` into the cell for the answer."""

    def cheat(notebook: Any) -> None:
        notebook.cells[0].source = source

    return cheat


def _cell(id: str, source: str, *, solution: bool = False, points: int = 0) -> Any:
    marks = {"grade_id": id, "grade": bool(points), "locked": bool(points), "solution": solution}
    marks |= {"schema_version": 3, "task": False} | ({"points": points} if points else {})
    return new_code_cell(source.strip(), metadata={"nbgrader": marks}, id=id)


def _write(notebook: Any, path: Path) -> None:
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)

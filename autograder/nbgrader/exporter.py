"""How nbgrader reads a handed-in notebook: not at all, but for the written answers."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.coursedir import CourseDirectory

from autograder.errors import InfraError
from autograder.nbgrader.answers import filled_in, read_answers


class AnswersExporter(NotebookExporter):
    """Puts the answers of a notebook into the one that was released, and goes on with that."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook `filename`: one handed in, which may be anything, or one of ours.

        Raises:
            InfraError: the assignment was never released.
        """
        asked, courses = resources["nbgrader"], CourseDirectory(config=self.config)
        student, assignment = asked["student"], asked["assignment"]
        ours = courses.format_path(courses.autograded_directory, student, assignment)
        if Path(filename).parent == Path(ours):  # what this very method made
            return super().from_filename(filename, resources=resources, **kw)
        folder = courses.format_path(courses.release_directory, ".", assignment)
        released = Path(folder) / f"{asked['notebook']}.ipynb"
        if not released.exists():
            hint = f"run nbgrader generate_assignment {assignment}"
            raise InfraError(f"{released} is not there: {hint}")
        answers = read_answers(Path(filename))
        if answers.problem:
            self.log.warning("%s: no answers are taken: %s", filename, answers.problem)
        notebook = filled_in(nbformat.read(released, as_version=4), answers)
        return super().from_notebook_node(notebook, resources=resources, **kw)

"""A class that works with nbgrader: an instructor's folder, an exchange, students' desks."""

import json
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.nbgrader.scripts import path_with_scripts
from tests.e2e.accounts import called
from tests.e2e.conftest import Home

LAB = "lab1_autograd"


class Class:
    """An instructor's folder, an exchange, and a folder for each student."""

    def __init__(self, home: Home) -> None:
        self.home, self.folder = home, home.folder / "grading" / "my course"
        self.env = home.env | {
            "PATH": path_with_scripts(),
            **{f"JUPYTER_{n}_DIR": str(home.folder / n) for n in ("CONFIG", "DATA", "RUNTIME")},
        }
        home.env = self.env

    def begin(self, roster: str) -> None:
        """Set the folder up, and release the lab."""
        file = self.home.folder / "class.csv"
        file.write_text(roster)
        exchange = self.home.folder / "exchange"
        self.home.run("nbgrader", "init", self.folder, "--roster", file, "--exchange", exchange)
        self.nbgrader("generate_assignment", LAB)
        self.nbgrader("release_assignment", LAB)

    def book(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.folder}/gradebook.db", "systems_for_ai_2025")

    def nbgrader(self, *words: str, at: Path | None = None, name: str | None = None) -> str:
        """Run a verb of nbgrader, in the account `name` of a student if there is one."""
        return self._run("nbgrader", words, at, name).stderr

    def submit(self, name: str) -> dict:
        """Hand in by our own verb; return the JSON document."""
        words = ("submit", "--json", "-")
        return json.loads(self._run("autograder", words, self.desk(name) / LAB, name).stdout)

    def _run(
        self, module: str, words: tuple[str, ...], at: Path | None, name: str | None
    ) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", module, *words]
        env = self.env
        if name:
            command = [*called(name, self.home.folder), *command]
            env = env | {"JUPYTER_DATA_DIR": str(self.home.folder / "DATA" / name)}
        place = at or self.folder
        done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done

    def desk(self, student: str) -> Path:
        """Return a student's folder, which knows the exchange."""
        desk = self.home.folder / student
        desk.mkdir(exist_ok=True)
        config = (self.folder / "nbgrader_config.py").read_text().splitlines()
        kept = [line for line in config if "get_config" in line or ".Exchange." in line]
        kept.append('c.CourseDirectory.course_id = "systems_for_ai_2025"')
        (desk / "nbgrader_config.py").write_text("\n".join(kept))
        return desk

    def scores(self) -> dict[str, dict[str, float]]:
        """Return what the grade book holds for each student: points with bonus, by exercise."""
        with self.book() as book:
            return {
                student.id: {
                    grade.name: (grade.auto_score or 0) + (grade.extra_credit or 0)
                    for grade in book.find_submission_notebook(LAB, LAB, student.id).grades
                }
                for student in book.students
            }

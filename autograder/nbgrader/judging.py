"""Asks the judge about one hand-in, in a process apart: nbgrader may run in a web server."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import InfraError
from autograder.model import Result, Status

_BROKEN = 3  # exit code: some row could not be judged, or there is no wall


@dataclass(frozen=True)
class Judged:
    """What the judge says of one hand-in."""

    exercises: Mapping[str, Mapping[str, Any]]  # by id, as in the JSON of `autograder grade`
    reason: str | None  # why it was not judged at all; then nothing is earned

    @classmethod
    def of(cls, result: Result) -> "Judged":
        """Take what a result says of points."""
        scores = {e.id: {"score": e.score, "bonus": e.bonus, "tests": ()} for e in result.exercises}
        return cls(scores, None if result.status is Status.GRADED else result.reason)

    def points(self, exercise: str) -> float:
        """Return what was earned in an exercise; 0 for one that the lab does not have."""
        return float(self.exercises.get(exercise, {}).get("score", 0.0))

    def is_bonus(self, exercise: str) -> bool:
        """Whether the points come on top."""
        return bool(self.exercises.get(exercise, {}).get("bonus"))


def judge(course: Path, lab: str, folder: Path, submitted_at: datetime | None) -> Judged:
    """Judge the hand-in in `folder`, or find its result in the store.

    Args:
        course: The course's root folder.
        lab: Its id.
        folder: ``submitted/<student>/<lab>``.
        submitted_at: With a time zone; None: not known.

    Raises:
        InfraError: it could not be judged, which is nothing of the student's; try again.
    """
    said = _graded(course, lab, folder, submitted_at, "--json", "-")
    (row,) = json.loads(said)["results"]
    graded = row["status"] == "graded"
    exercises = {exercise["id"]: exercise for exercise in row["exercises"]}
    return Judged(exercises, None if graded else row["reason"])


def report_page(course: Path, lab: str, folder: Path, submitted_at: datetime | None) -> str:
    """Return the student's report on a hand-in as an HTML page; arguments and errors as `judge`."""
    with tempfile.TemporaryDirectory(prefix="feedback-") as out:
        _graded(course, lab, folder, submitted_at, "--out", out)
        (page,) = Path(out).rglob("report.html")
        return page.read_text(encoding="utf-8")


def _graded(
    course: Path, lab: str, folder: Path, submitted_at: datetime | None, *words: str
) -> bytes:
    """Run `autograder grade`, and return what it printed."""
    command = [sys.executable, "-m", "autograder", "grade", lab, str(folder), *words]
    command += ["--course", str(course), "-j", "1"]
    if submitted_at is not None:
        command += ["--submitted-at", submitted_at.isoformat()]
    done = subprocess.run(
        command, cwd=course, stdin=subprocess.DEVNULL, capture_output=True, env=_environment()
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        why = "is broken" if done.returncode == _BROKEN else "could not be judged"
        raise InfraError(f"{folder} {why}, and nothing is recorded; try again:\n{said}")
    return done.stdout


def _environment() -> dict[str, str]:
    # nbgrader sets variables of its own for what it runs; none of them is for the judge.
    return {k: v for k, v in os.environ.items() if not k.startswith("NBGRADER_")}

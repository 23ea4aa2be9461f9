"""A whole class at once: what lies in ``submitted/``, and the grade book once all is judged."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import InfraError, UsageError
from autograder.nbgrader.course_folder import CONFIG
from autograder.nbgrader.scripts import path_with_scripts

_TAIL = 3000  # characters of what nbgrader said


def hand_ins(folder: Path, lab: str) -> dict[Path, datetime | None]:
    """Return the folders ``submitted/<student>/<lab>`` of a course folder, and when each came.

    Raises:
        UsageError: `folder` is no course folder of ours, or nothing was collected.
    """
    if not (folder / CONFIG).is_file():
        hint = f"run autograder nbgrader init {folder}"
        raise UsageError(f"{folder} is no course folder of nbgrader: it lacks {CONFIG}; {hint}")
    found = sorted((folder.absolute() / "submitted").glob(f"*/{lab}"))
    if not found:
        hint = f"run nbgrader collect {lab} there"
        raise UsageError(f"{folder} holds no hand-in of {lab}; {hint}")
    return {path: _time(path / "timestamp.txt") for path in found}


def _time(file: Path) -> datetime | None:
    """Return what nbgrader wrote down, as 2025-10-20 10:00:00.123456 UTC; None if it is no time."""
    try:
        text = file.read_text(encoding="utf-8").strip().removesuffix(" UTC")
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None


def fill_grade_book(folder: Path, lab: str, store: str | None) -> None:
    """Let nbgrader take over what was judged: the results are found in the store.

    Raises:
        InfraError: nbgrader failed; what was judged is kept.
    """
    command = [sys.executable, "-m", "nbgrader", "autograde", lab, "--force"]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(store),
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace")[-_TAIL:]
        raise InfraError(f"all is judged, but nbgrader could not take it over:\n{said}")


def _environment(store: str | None) -> Mapping[str, str]:
    chosen = {"AUTOGRADER_STORE": store} if store else {}
    return os.environ | {"PATH": path_with_scripts()} | chosen

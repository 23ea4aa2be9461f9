"""Runs the command line's verbs for a notebook: in a process apart, on the files as saved."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Document = Mapping[str, Any]

_GLANCE = 0.05  # seconds between two looks at how far it has come
_COMMAND = [sys.executable, "-m", "autograder"]
_FAILED = 1  # what `check` ends with when a test fails


class NotRun(Exception):
    """The verb could not do its work; says why, in its own words."""


def check(exercise: str | None, on_event: Callable[[Document], None]) -> Document:
    """Run the public tests of the lab in this folder, and return what `autograder check` found.

    Args:
        exercise: Its id, or None for all.
        on_event: Called as the tests begin (``{"tests": n}``) and as each ends.

    Raises:
        NotRun: there is no lab here, no such exercise, or the tests cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="labkit-") as scratch:
        events = Path(scratch, "events")
        events.touch()
        asked = ["-e", exercise] if exercise else []
        return _run(["check", *asked, "--events", str(events)], _Tail(events, on_event).look)


def submit() -> Document:
    """Pack what this folder's lab takes, and return what `autograder submit` did.

    Raises:
        NotRun: there is no lab here, or nothing to hand in.
    """
    return _run(["submit"], lambda: None)


def _run(words: list[str], meanwhile: Callable[[], None]) -> Document:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*_COMMAND, *words, "--json", "-"], stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            while process.poll() is None:
                meanwhile()
                time.sleep(_GLANCE)
            meanwhile()
        finally:
            process.kill()  # the cell was interrupted
            process.wait()
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, _FAILED):
            raise NotRun(err.read().decode(errors="replace").strip())
        document: Document = json.loads(out.read())
        return document


class _Tail:
    """Reads what is appended to a file."""

    def __init__(self, path: Path, on_event: Callable[[Document], None]) -> None:
        self._path, self._on_event = path, on_event
        self._read = 0  # bytes of whole lines

    def look(self) -> None:
        with self._path.open("rb") as file:
            file.seek(self._read)
            whole, _, _ = file.read().rpartition(b"\n")
        if whole:
            self._read += len(whole) + 1
            for line in whole.split(b"\n"):
                self._on_event(json.loads(line))

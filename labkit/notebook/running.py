"""Runs the command line's verbs for a notebook: in a process apart, on the files as saved."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labkit.notebook.last_check import remember

Document = Mapping[str, Any]

_GLANCE = 0.05  # seconds between two looks at how far it has come
_COMMAND = [sys.executable, "-m", "autograder"]
_FAILED = 1  # what `check` ends with when a test fails


class NotRun(Exception):
    """The verb could not do its work; says why, in its own words."""


def check(
    exercise: str | None,
    on_event: Callable[[Document], None],
    folder: Path | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Document:
    """Run the public tests of a lab, and return what `autograder check` found.

    What came of it is remembered in the folder; see `last_check`.

    Args:
        exercise: Its id, or None for all.
        on_event: Called as the tests begin (``{"tests": n}``) and as each ends.
        folder: The lab's; default: the current one.
        stopped: Asked many times a second; once it says so, the tests are ended.

    Raises:
        NotRun: there is no lab here, no such exercise, or the tests cannot be run.
    """
    place = folder or Path.cwd()
    with tempfile.TemporaryDirectory(prefix="labkit-") as scratch:
        events = Path(scratch, "events")
        events.touch()
        asked = ["-e", exercise] if exercise else []
        tail = _Tail(events, on_event)

        def look() -> None:
            tail.look()
            if stopped():
                raise NotRun("the check was stopped")

        document = _run(["check", *asked, "--events", str(events)], look, place)
    remember(place, document)
    return document


def submit(folder: Path | None = None) -> Document:
    """Pack what a lab takes, and return what `autograder submit` did.

    Args:
        folder: The lab's; default: the current one.

    Raises:
        NotRun: there is no lab here, or nothing to hand in.
    """
    return _run(["submit"], lambda: None, folder or Path.cwd())


def _run(words: list[str], meanwhile: Callable[[], None], folder: Path) -> Document:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*_COMMAND, *words, "--json", "-"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                meanwhile()
                time.sleep(_GLANCE)
            meanwhile()
        finally:
            _end(process)
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, _FAILED):
            said = err.read().decode(errors="replace").strip()
            raise NotRun(said or f"autograder {words[0]} was ended (code {process.returncode})")
        document: Document = json.loads(out.read())
        return document


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a verb that was interrupted, with the tests it runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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

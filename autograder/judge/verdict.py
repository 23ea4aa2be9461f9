"""How one test case ended: from an exception, or none, to an outcome."""

import builtins
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from autograder.errors import AutograderError
from autograder.judge.inputs import in_words
from autograder.judge.subject import CallFailed
from autograder.judge.trial import Trial
from autograder.model import CallError, Observation, Outcome

_MAX_MESSAGE = 8000  # characters kept for staff
_MAX_INPUTS = 2000  # of these, of a case's inputs
_MAX_LINE = 200  # characters of a student's own line

# Names a student may be shown: a box could hide data in a type's name, so it must be one of these.
_KNOWN_TYPES = {
    "builtins": frozenset(
        name
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    ),
    "numpy": frozenset({*np.exceptions.__all__, "LinAlgError", "_ArrayMemoryError"}),
    "torch": frozenset({"OutOfMemoryError"}),
}

_NOTES = {
    Outcome.TIMEOUT: "used more time than the limit",
    Outcome.MEMORY: "used more memory than the limit",
    Outcome.MISSING: "not implemented yet",
    Outcome.FORBIDDEN: "uses something this lab does not allow",
}


@dataclass(frozen=True)
class Verdict:
    """The end of one test case."""

    outcome: Outcome
    fraction: float  # of the test's points, 0..1
    note: str = ""
    line: str = ""
    message: str = ""


def verdict(trial: Trial, error: BaseException | None, files: Mapping[str, bytes]) -> Verdict:
    """Judge one case from what its body raised (None: it ended) and what it had observed.

    After a student's observation was read, any exception but ours is the student's: nobody can
    buy a `broken` with a hostile value. Before that, student code had no part in it.
    """
    if error is None:
        return _ended(trial)
    message = _message(trial, error)
    if isinstance(error, CallFailed):
        return _failed(error.observation, files, message)
    if isinstance(error, AutograderError) or not trial.observed:
        return Verdict(Outcome.BROKEN, 0.0, message=message)
    if isinstance(error, pytest.skip.Exception | pytest.xfail.Exception):
        message = f"skipped after a student's call: {error}"
    return Verdict(Outcome.WRONG, 0.0, message=message)


def _ended(trial: Trial) -> Verdict:
    if not trial.observed:
        return Verdict(Outcome.BROKEN, 0.0, message="the test never called the student's code")
    fraction = 1.0 if trial.award is None else trial.award
    if fraction == 1.0:
        return Verdict(Outcome.PASS, 1.0)
    outcome = Outcome.PARTIAL if fraction > 0 else Outcome.WRONG
    return Verdict(outcome, fraction, message=f"awarded {fraction:g} of the points")


def _failed(observation: Observation, files: Mapping[str, bytes], message: str) -> Verdict:
    note = _NOTES.get(observation.outcome, "")
    line = ""
    if observation.error is not None:
        note = note or f"raised {known_type(observation.error)}"
        line = own_line(observation.error, files)
    return Verdict(observation.outcome, 0.0, note or "the process ended early", line, message)


def _message(trial: Trial, error: BaseException) -> str:
    """What staff read: the exception, then the inputs of the case it was about."""
    given = in_words(trial.case.inputs) if trial.case else {}
    inputs = "".join(f"\n  {name} = {text}" for name, text in given.items())[:_MAX_INPUTS]
    return f"{type(error).__name__}: {said(error)}"[: _MAX_MESSAGE - len(inputs)] + inputs


def said(error: BaseException) -> str:
    """Return what `error` says, else the line that raised: a bare `assert` says nothing itself."""
    if text := str(error):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    return (frames[-1].line or "") if frames else ""


def known_type(error: CallError) -> str:
    """Return the exception's name if it is a well-known one, else "your own exception"."""
    known = _KNOWN_TYPES.get(error.module.partition(".")[0], frozenset())
    return error.type if error.type in known else "your own exception"


def own_line(error: CallError, files: Mapping[str, bytes]) -> str:
    """Return ``file:line: text`` of the innermost frame that really lies in a handed-in file."""
    lines_of: dict[str, list[str]] = {}  # a box may name one huge file again and again
    for frame in reversed(error.frames):
        if frame.file not in lines_of:
            lines_of[frame.file] = files.get(frame.file, b"").decode(errors="replace").splitlines()
        lines = lines_of[frame.file]
        if 1 <= frame.line <= len(lines):
            return f"{frame.file}:{frame.line}: {lines[frame.line - 1].strip()[:_MAX_LINE]}"
    return ""

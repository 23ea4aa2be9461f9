"""Judges for the workers of these tests: what a job's file "do" says, decides what happens."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from autograder.errors import CourseError, InfraError
from autograder.model import ExerciseScore, Job, Result, Status


def result_of(job: Job, status: Status = Status.GRADED, reason: str | None = None) -> Result:
    """A result that tells by which process it was made."""
    exercises = (ExerciseScore("only", "Only", 1.0, False, ()),)
    versions = {"pid": str(os.getpid())}
    return Result(
        job.lab,
        job.digest,
        "sha256:lab",
        "epoch",
        job.sandbox,
        job.device,
        versions,
        status,
        reason,
        exercises,
    )


def obey(job: Job) -> Result:
    """Do what the job says."""
    deed, _, rest = job.files["do"].decode().partition(" ")
    return _DEEDS[deed](job, rest)


def _die_until(job: Job, rest: str) -> Result:
    """Die, but not at the try of that number; tries are counted in a file."""
    number, _, file = rest.partition(" ")
    count = Path(file)
    count.write_text(count.read_text() + "x" if count.exists() else "x")
    if len(count.read_text()) < int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return result_of(job)


def _sleep(job: Job, rest: str) -> Result:
    Path(rest).write_text(str(os.getpid()))
    time.sleep(60)
    return result_of(job)


def _print(job: Job, rest: str) -> Result:
    print(rest, flush=True)
    os.write(1, rest.encode())
    return result_of(job)


def _raise(error: type[Exception]) -> Callable[[Job, str], Result]:
    def deed(job: Job, rest: str) -> Result:
        raise error(rest)

    return deed


_DEEDS: dict[str, Callable[[Job, str], Result]] = {
    "grade": lambda job, rest: result_of(job),
    "break": lambda job, rest: result_of(job, Status.BROKEN, rest),
    "die": lambda job, rest: os.abort(),
    "die_until": _die_until,
    "sleep": _sleep,
    "print": _print,
    "infra": _raise(InfraError),
    "course": _raise(CourseError),
    "bug": _raise(ValueError),
}

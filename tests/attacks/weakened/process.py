"""Starts what a naive grader runs, under rlimits, so that an attack cannot hurt the machine."""

import importlib.util
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

INSIDE = Path(__file__).parent / "inside"
_SECONDS = 6
_COMPILING = {"PYTHONDONTWRITEBYTECODE": ""}  # as anywhere but in our own tests
PACKAGES = str(Path(str(importlib.util.find_spec("numpy").origin)).parents[1])


class Verdict(NamedTuple):
    """What a grader said: a share of the points, and what it shows to the student."""

    score: float
    shown: str = ""
    rival: float = 1.0  # what another student, who had full marks, has now


class Fallen(Exception):
    """The grader itself hung or died: nobody else is graded."""


def tame() -> None:
    """Cap the process that an attack runs in."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))


def run(
    run_in: Path, *command: str, env: dict[str, str] | None = None, **options: object
) -> "subprocess.CompletedProcess[bytes]":
    """Run Python on `command` in the folder `run_in`."""
    for source in INSIDE.iterdir():
        if source.is_file() and not (run_in / source.name).exists():  # the submission's files win
            shutil.copy(source, run_in)
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=run_in,
            env={**os.environ, "PYTHONPATH": PACKAGES, **_COMPILING, **(env or {})},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            preexec_fn=tame,
            **options,
        )
    except subprocess.TimeoutExpired:
        raise Fallen from None
    if done.returncode < 0:
        raise Fallen
    return done

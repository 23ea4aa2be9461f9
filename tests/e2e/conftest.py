"""The command line as an instructor types it: a real process, with a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.box.base import sandbox

ROOT = Path(__file__).parents[2]


class Home:
    """A fresh user: own secret, own store, own cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AUTOGRADER_", "XDG_"))}
        self.env = kept | {
            "HOME": str(folder),
            "AUTOGRADER_COURSE": str(ROOT),
            "COLUMNS": "160",
            "NO_COLOR": "1",
        }

    def start(self, *args: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "autograder", *map(str, args)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.env, cwd=self.folder, stdout=pipe, stderr=pipe)

    def run(self, *args: object, code: int = 0) -> subprocess.CompletedProcess:
        process = self.start(*args)
        out, err = (stream.decode() for stream in process.communicate(timeout=300))
        assert process.returncode == code, f"exit {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def grade(self, *args: object, code: int = 0) -> dict:
        """Grade Lab 1 and return the JSON document."""
        return json.loads(
            self.run("grade", "lab1_autograd", *args, "--json", "-", code=code).stdout
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="session")
def walled() -> None:
    """Skip where no wall can be had; say why."""
    if reason := sandbox("namespace").available():
        pytest.skip(reason)

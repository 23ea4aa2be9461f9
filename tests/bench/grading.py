"""What `autograder grade` costs beyond the code it judges, measured from outside."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure

ROOT = Path(__file__).parents[2]
LAB = "lab1_autograd"


def figures() -> Iterator[Figure]:
    """Yield overhead and throughput of grading Lab 1's solution."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        one = _grade(home, _copies(home / "one", 1))
        eleven = _grade(home, _copies(home / "eleven", 11, start=100))
        thirty = _grade(home, _copies(home / "thirty", 30, start=200), workers=2)
    further = (eleven.overhead - one.overhead) / 10
    beyond = (thirty.wall - thirty.cpu / 2) / 30
    yield Figure("student CPU of the judged suite on the solution", one.cpu, 15, "s")
    yield Figure("overhead of grade, one submission, cold", one.overhead, 3, "s")
    yield Figure("overhead of each further one in a batch", further, 1, "s")
    yield Figure("30 submissions, -j 2: of each, beyond half the student CPU", beyond, 1, "s")


class _Run:
    def __init__(self, wall: float, document: dict) -> None:
        self.wall = wall
        tests = [t for r in document["results"] for e in r["exercises"] for t in e["tests"]]
        self.cpu = sum(test["cpu_seconds"] for test in tests)
        # What the reference used is not subtracted, so this is an upper bound.
        self.overhead = wall - self.cpu


def _grade(home: Path, batch: Path, workers: int = 1) -> _Run:
    command = [sys.executable, "-m", "autograder", "grade", LAB, str(batch), "--json", "-"]
    command += ["--course", str(ROOT), "-j", str(workers)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUTOGRADER_")}
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--store", f"sqlite:///{home}/store.sqlite"],
        env=kept | {"XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    wall = time.perf_counter() - began
    document = json.loads(done.stdout)
    assert all(r["score"] == r["max_score"] for r in document["results"])
    return _Run(wall, document)


def _copies(folder: Path, count: int, start: int = 0) -> Path:
    """Write `count` submissions that are alike but for a comment, so that each is judged anew."""
    for number in range(start, start + count):
        target = folder / f"student{number}"
        shutil.copytree(ROOT / "solutions" / LAB, target)
        with next(target.glob("*/__init__.py")).open("a") as file:
            file.write(f"\n# {number}\n")
    return folder

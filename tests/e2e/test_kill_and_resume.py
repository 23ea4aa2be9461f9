"""Killing `grade` at any point and running it again loses nothing and repeats nothing."""

import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Home

pytestmark = [pytest.mark.namespace, pytest.mark.usefixtures("walled"), pytest.mark.slow]

STUDENTS = 6


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Submissions that are alike but for a comment, so that each is judged by itself."""
    for number in range(STUDENTS):
        target = tmp_path / "batch" / f"student{number}"
        shutil.copytree(ROOT / "starter/lab1_autograd/autograd", target / "autograd")
        with (target / "autograd/__init__.py").open("a") as file:
            file.write(f"\n# {number}\n")
    return tmp_path / "batch"


def recorded(store: Path) -> tuple[int, int]:
    """Return the numbers of attempts and results in the store."""
    if not store.exists():
        return 0, 0
    with sqlite3.connect(store) as connection:
        tables = {r[0] for r in connection.execute("select name from sqlite_master")}
        if not {"attempts", "results"} <= tables:
            return 0, 0
        return tuple(
            connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("attempts", "results")
        )


def test_a_killed_batch_is_finished_by_the_next_run(home: Home, batch: Path):
    store = home.folder / "store.sqlite"
    arguments = ("grade", "lab1_autograd", batch, "--store", f"sqlite:///{store}", "-j", "2")
    seen = (0, 0)
    for until in (1, 3):  # kill once the first result is stored, then after two more
        process = home.start(*arguments)
        deadline = time.monotonic() + 60
        while recorded(store)[1] < until and process.poll() is None:
            assert time.monotonic() < deadline, "no result within a minute"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        attempts, results = recorded(store)
        assert attempts == STUDENTS, "attempts are recorded before anything is judged"
        assert results >= seen[1], "a result was lost"
        seen = attempts, results

    document = home.grade(batch, "--store", f"sqlite:///{store}")
    assert len(document["results"]) == STUDENTS
    assert recorded(store) == (STUDENTS, STUDENTS), "one attempt and one result for each"
    home.grade(batch, "--store", f"sqlite:///{store}")
    assert recorded(store) == (STUDENTS, STUDENTS), "a second run repeats nothing"

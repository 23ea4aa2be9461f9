"""A writer is killed at any moment; the store holds whole attempts, and the next run goes on."""

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.model import Attempt, digest_of
from autograder.store import Store
from tests.unit.store.samples import attempt, result

_KILLS = 5
_STUDENTS = 60


def _batch() -> list[Attempt]:
    shared = b"the same for all" * 1000
    return [
        attempt(
            {"a.py": b"%d" % i, "b.py": shared, "c.py": b"%d" % i * 20_000},
            student=f"s{i:03}",
            source=f"/inbox/s{i:03}",
        )
        for i in range(_STUDENTS)
    ]


def _grade(url: str, progress: Connection) -> None:
    with Store(url) as store:
        for one in _batch():
            recorded = store.record_attempt(one)
            progress.send(recorded.student)
            store.record_result(result(one.files, digest=one.digest))


def _killed_after(url: str, count: int) -> None:
    """Run a grader and kill it while it works, after it told of `count` attempts."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    grader = spawn.Process(target=_grade, args=(url, there))
    grader.start()
    there.close()
    for _ in range(count):
        here.recv()
    assert grader.pid
    os.kill(grader.pid, signal.SIGKILL)
    grader.join()
    assert grader.exitcode == -signal.SIGKILL
    here.close()


def _check(url: str, file: Path, at_least: int) -> None:
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    with Store(url) as store:
        found = store.attempts("lab1")
        assert len(found) >= at_least
        assert all(a.number == 1 for a in found)
        assert all(digest_of(store.files(a.digest)) == a.digest for a in found)


def test_a_killed_writer_loses_nothing_and_repeats_nothing(tmp_path: Path, sqlite_url: str) -> None:
    file = tmp_path / "store.sqlite"
    for i in range(_KILLS):
        count = 1 + i * (_STUDENTS // _KILLS)
        _killed_after(sqlite_url, count)
        _check(sqlite_url, file, count)
    with Store(sqlite_url) as store:
        for one in _batch():
            store.record_attempt(one)
        assert [a.student for a in store.attempts("lab1")] == [a.student for a in _batch()]

"""Containers that wait: each serves one submission, and none is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from autograder.box import janitor
from autograder.box.base import Box
from autograder.box.berth import _root, _try_lock
from autograder.box.docker import DockerSandbox
from autograder.box.warm import _kept, keep_warm
from autograder.model import Outcome
from tests.engine.conftest import LIMITS, containers, needs, wait_for

PROBES = """
def fine():
    return 1
"""


def container_of(box: Box) -> str:
    return box.launcher.id


def test_each_container_serves_one_submission(docker: DockerSandbox):
    seen = []
    with keep_warm():
        for number in range(3):
            files = {PurePosixPath("answer.py"): f"value = {number}".encode()}
            with docker.open(files, needs(PROBES)) as box:
                assert box.call("fine", [], {}, LIMITS).value == 1
                seen.append(container_of(box))
    assert len(set(seen)) == 3


def test_a_waiting_container_is_taken(docker: DockerSandbox):
    with keep_warm():
        with docker.open({}, needs(PROBES)) as box:
            used = container_of(box)
        (waiting,) = wait_for(lambda: others(used))
        with docker.open({}, needs(PROBES)) as box:
            assert container_of(box).startswith(waiting)


def test_nothing_waits_afterwards(docker: DockerSandbox):
    with keep_warm(), docker.open({}, needs(PROBES)):
        pass
    assert containers() == []


def test_a_waiting_container_that_died_is_not_used(docker: DockerSandbox):
    with keep_warm():
        pool = _kept.get()
        with docker.open({}, needs(PROBES)) as box:
            used = container_of(box)
        (waiting,) = wait_for(lambda: others(used))
        wait_for(lambda: all(started.done() for started in pool._waiting.values()))
        subprocess.run(["docker", "rm", "--force", waiting], check=True, capture_output=True)
        with docker.open({}, needs(PROBES)) as box:
            assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS


def others(used: str) -> list[str]:
    """The containers that wait, once the one that was used is gone."""
    there = containers()
    return [] if any(used.startswith(id) for id in there) else there


HOLDER = """
import sys, time
from autograder.box.docker import DockerSandbox
from autograder.box.warm import _kept, keep_warm
from tests.engine.conftest import needs
with keep_warm(), DockerSandbox().open({}, needs("def fine(): return 1")) as box:
    print("open", flush=True)
    time.sleep(60)
"""
STARTER = HOLDER.replace('print("open", flush=True)', "").replace(
    "with keep_warm()", 'print("open", flush=True)\nwith keep_warm()'
)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.3, 0.45])
@pytest.mark.parametrize("source", [HOLDER, STARTER], ids=["while open", "while starting"])
def test_nothing_is_left_of_a_killed_grader(source: str, seconds: float):
    volumes = listed_volumes()
    process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"open\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_for(lambda: not containers() and not janitors())
    time.sleep(0.2)
    assert containers() == []
    assert listed_volumes() == volumes
    assert stale() == []


def stale() -> list[Path]:
    """The private folders of boxes that no grader holds."""
    locks = {folder: _try_lock(folder) for folder in _root().iterdir()}
    for lock in filter(None, locks.values()):
        os.close(lock)
    return [folder for folder, lock in locks.items() if lock is not None]


def listed_volumes() -> set[str]:
    told = subprocess.run(["docker", "volume", "ls", "-q"], capture_output=True, check=True)
    return set(told.stdout.split())


def janitors() -> list[str]:
    told = subprocess.run(
        ["pgrep", "-f", "autograder.box.janitor"], capture_output=True, text=True, check=False
    )
    mine = {str(pid) for pid in janitor._hired}
    return [pid for pid in told.stdout.split() if pid not in mine]

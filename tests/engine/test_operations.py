"""What breaks in operation is ours: broken, tried again, and never a zero."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import pytest

from autograder.box import engine
from autograder.box.docker import DockerSandbox
from autograder.box.frames import Kind
from autograder.errors import InfraError
from autograder.executor.local import LocalExecutor
from autograder.model import Job, Outcome, Result, Status, digest_of
from tests.engine.conftest import LIMITS, OtherEngine, containers, needs, wait_for

# The SDK forgets a socket whenever an engine is away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

COURSE = Path(__file__).parents[1] / "attacks/course"
HONEST = {"answer.py": (COURSE.parent / "honest/patient/answer.py").read_bytes()}
PROBES = """
import time

def fine():
    return 1

def sleep(seconds):
    time.sleep(seconds)
"""
SLOW = {"answer.py": b"import time\ntime.sleep(1.5)\n" + HONEST["answer.py"]}


def job(files: dict[str, bytes], lab: str = "patient") -> Job:
    secret = b"a secret of thirty-two bytes....."
    return Job(str(COURSE), lab, digest_of(files), files, secret, sandbox="docker")


@contextmanager
def later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def kill_all(*, remove: bool = False) -> None:
    command = ["docker", "rm", "--force"] if remove else ["docker", "kill"]
    for id in containers():
        subprocess.run([*command, id], check=False, capture_output=True)


@pytest.mark.parametrize("remove", [False, True], ids=["killed", "removed"])
def test_a_container_that_somebody_ends_during_a_call_is_our_fault(docker, remove):
    with (
        docker.open({}, needs(PROBES)) as box,
        later(0.3, lambda: kill_all(remove=remove)),
        pytest.raises(InfraError, match=r"somebody (killed|removed) a box's container"),
    ):
        box.call("sleep", [3], {}, LIMITS)


def test_a_container_that_ended_between_two_calls_is_our_fault(docker):
    with docker.open({}, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS
        kill_all()
        with pytest.raises(InfraError, match="somebody killed"):
            box.call("fine", [], {}, LIMITS)


@pytest.mark.parametrize("when", ["during", "between"])
def test_a_connection_that_is_cut_is_our_fault(docker, when):
    with docker.open({}, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS
        line = socket.socket(fileno=os.dup(box._talk._link._reader))
        with line, later(0.3, lambda: line.shutdown(socket.SHUT_RDWR)):
            if when == "between":
                time.sleep(0.6)
            with pytest.raises(InfraError, match="the connection to a box's container broke"):
                box.call("sleep", [3], {}, LIMITS)


def test_a_container_that_is_paused_is_our_fault(docker, monkeypatch):
    monkeypatch.setattr("autograder.box.client._ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("autograder.model.Limits.wall_seconds", 0.5)
    with docker.open({}, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS
        subprocess.run(["docker", "pause", box.launcher.id], check=True, capture_output=True)
        with pytest.raises(InfraError, match="somebody paused"):
            box.call("fine", [], {}, LIMITS)


def test_a_driver_that_fails_by_a_students_doing_is_a_crash(docker):
    """It says so by its exit code, which nobody else can make."""
    with docker.open({}, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS
        box._talk._link.send(0, Kind.CALL, b"no value at all")
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.CRASHED


def test_a_driver_that_runs_out_of_memory_is_the_submissions_doing(docker, monkeypatch):
    """The kernel may choose the driver: what it then costs is memory, not a machine's failure."""
    from autograder.box import container

    state = {"Running": False, "Paused": False, "OOMKilled": True, "ExitCode": 137}
    monkeypatch.setattr(container.ContainerLauncher, "_state", lambda self: state)
    with docker.open({}, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS
        kill_all()
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.MEMORY


def judged(jobs: list[Job]) -> list[Result]:
    return list(LocalExecutor(1).run(jobs))


def test_a_judging_that_lost_its_container_is_repeated():
    with later(3.0, kill_all):
        (result,) = judged([job(SLOW)])
    assert result.status is Status.GRADED and result.score == result.max_score
    assert containers() == []


def test_a_judging_that_keeps_losing_its_containers_is_broken_and_no_zero():
    stop = threading.Event()

    def kill_on() -> None:
        while not stop.wait(0.7):
            kill_all()

    killer = threading.Thread(target=kill_on)
    killer.start()
    try:
        (result,) = judged([job(SLOW)])
    finally:
        stop.set()
        killer.join()
    assert result.status is Status.BROKEN
    assert "container" in (result.reason or "")


def test_an_engine_that_restarts_costs_nobody_anything(other_engine: OtherEngine):
    def restart() -> None:
        other_engine.stop()
        time.sleep(1)
        other_engine.start()

    with later(3.0, restart):
        results = judged([job({**SLOW, "n.py": b"%d" % n}, "patient") for n in range(2)])
    assert [result.status for result in results] == [Status.GRADED] * 2
    assert all(result.score == result.max_score for result in results)
    wait_for(lambda: not other_engine.containers())  # the janitor asks until the engine is back


def test_an_engine_that_stays_away_is_broken(other_engine: OtherEngine, monkeypatch):
    monkeypatch.setattr(engine, "_PATIENCE_SECONDS", 0.1)
    other_engine.stop()
    try:
        with (
            pytest.raises(InfraError, match="no Docker engine answers"),
            DockerSandbox().open({}, needs(PROBES)),
        ):
            pass
    finally:
        other_engine.start()


def test_an_image_that_is_not_there_is_named_with_the_way_out(docker, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_RUNNER_IMAGE", "nobody/has-this:1")
    assert "make images" in (docker.available() or "")
    with (
        pytest.raises(InfraError, match=r"nobody/has-this:1.*make images"),
        docker.open({}, needs(PROBES)),
    ):
        pass


def test_an_image_of_another_version_is_refused(docker, monkeypatch):
    monkeypatch.setattr("autograder.box.docker.source_digest", lambda: "sha256:other")
    with pytest.raises(InfraError, match="make images"), docker.open({}, needs(PROBES)):
        pass
    assert containers() == []


def test_a_package_that_the_image_lacks_is_named(docker):
    with (
        pytest.raises(InfraError, match="holds no package scipy"),
        docker.open({}, needs(PROBES, ("scipy",))),
    ):
        pass
    assert containers() == []


def fill(filler: Path) -> None:
    """Write until the disk is full to the last block."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


def test_a_full_disk_is_broken_and_leaves_nothing(other_engine: OtherEngine):
    filler = other_engine.disk / "filler"
    fill(filler)
    try:
        (result,) = judged([job(HONEST)])
        assert result.status is Status.BROKEN
        assert "no space left on device" in (result.reason or "")
    finally:
        filler.unlink()
    assert other_engine.containers() == []
    (result,) = judged([job(HONEST)])
    assert result.status is Status.GRADED and result.score == result.max_score


def test_a_large_submission_fits(docker):
    big = {PurePosixPath("big.bin"): bytes(20 << 20), PurePosixPath("more.bin"): bytes(19 << 20)}
    with docker.open(big, needs(PROBES)) as box:
        assert box.call("fine", [], {}, LIMITS).outcome is Outcome.PASS

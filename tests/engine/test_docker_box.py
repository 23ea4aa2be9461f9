"""What student code in a container can see, touch and leave."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from autograder.box import engine
from autograder.box.base import Box
from autograder.box.docker import DockerSandbox, image_name
from autograder.errors import InfraError
from autograder.model import Needs, Observation, Outcome
from tests.engine.conftest import LIMITS, needs

PROBES = """
import os, socket, sys


def status():
    lines = open("/proc/self/status").read().splitlines()
    return dict(line.split(":\\t", 1) for line in lines if ":\\t" in line)


def who():
    return {"uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups(), "pid": os.getppid()}


def environment():
    return dict(os.environ)


def read(path):
    with open(path) as file:
        return file.read(10)


def names(path):
    return sorted(os.listdir(path))


def write(path):
    with open(path, "w") as file:
        file.write("x")


def change_mode(path):
    os.chmod(path, 0o777)


def load(name):
    __import__(name)


def interfaces():
    return [name for _, name in socket.if_nameindex()]


def writable():
    found = []
    for folder, folders, _ in os.walk("/"):
        if folder == "/proc":
            folders.clear()
        elif os.access(folder, os.W_OK):
            found.append(folder)
    return sorted(found)


def grow(megabytes):
    held = []
    for _ in range(megabytes):
        held.append(b"x" * (1 << 20))


def kill_everybody():
    os.kill(1, 9)
    os.kill(-1, 9)


def gcc():
    from numpy import linalg, eye
    return float(linalg.inv(2 * eye(3))[0, 0])
"""
FILES = {PurePosixPath("answer.py"): b"value = 1\n", PurePosixPath("deep/a.txt"): b"x"}

Call = Callable[..., Observation]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with DockerSandbox().open(FILES, needs(PROBES, ("numpy",))) as opened:
        yield opened


@pytest.fixture
def observe(box: Box) -> Call:
    return lambda probe, *args: box.call(probe, args, {}, LIMITS)


@pytest.fixture
def run(observe: Call) -> Callable[..., Any]:
    def run(probe: str, *args: Any) -> Any:
        seen = observe(probe, *args)
        assert seen.outcome is Outcome.PASS, seen
        return seen.value

    return run


def test_nothing_is_left_of_the_rights_it_was_started_with(run):
    status = run("status")
    assert {status[name] for name in status if name.startswith("Cap")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert int(status["Seccomp_filters"]) >= 3, "the engine's, the driver's and the child's own"


def test_each_box_is_a_user_of_its_own(docker, run):
    mine = run("who")
    assert mine["uid"] >= 200_000 and mine["pid"] == 1
    with docker.open(FILES, needs(PROBES)) as other:
        assert other.call("who", [], {}, LIMITS).value["uid"] != mine["uid"]


def test_packages_that_the_lab_lists_work(run):
    assert run("gcc") == 0.5


def test_a_package_that_the_lab_does_not_list_cannot_be_read(docker, run):
    assert run("names", "/box/packages/numpy"), "listed: readable"
    with docker.open(FILES, needs(PROBES)) as other:
        assert other.call("load", ["numpy"], {}, LIMITS).outcome is Outcome.FORBIDDEN
        seen = other.call("names", ["/box/packages/numpy"], {}, LIMITS)
        assert seen.error.type == "PermissionError", "the image holds it"


def test_handed_in_files_can_be_read_and_not_changed(run, observe):
    assert run("read", "/box/submission/answer.py") == "value = 1\n"
    assert run("read", "/box/submission/deep/a.txt") == "x"
    for probe in ("write", "change_mode"):
        for path in ("/box/submission/answer.py", "/box/probes/probes.py", "/box/submission"):
            assert observe(probe, path).error.type in ("PermissionError", "IsADirectoryError")
    assert observe("write", "/box/submission/new.py").error.type == "PermissionError"


def test_only_scratch_folders_can_be_written(run):
    assert set(run("writable")) == {"/dev/shm", "/tmp"}


def test_what_a_call_writes_is_gone_before_the_next(run, observe):
    for folder in ("/tmp", "/dev/shm"):
        run("write", f"{folder}/left")
        assert run("names", folder) == []
    assert observe("write", "/dev/mqueue/left").outcome is not Outcome.PASS


def test_there_is_no_network_but_its_own(run):
    assert run("interfaces") == ["lo"]


def test_the_environment_is_the_boxes_own(run, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "1")
    assert set(run("environment")) == {
        *("HOME", "USER", "LOGNAME", "PATH", "LANG", "HOSTNAME", "PYTHONHASHSEED"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR"),
    }


def test_nobody_can_end_the_driver(run, observe):
    assert observe("kill_everybody").outcome is Outcome.CRASHED
    assert run("who")["pid"] == 1


def test_memory_is_capped_and_counted(observe):
    assert observe("grow", 700).outcome is Outcome.MEMORY
    fits = observe("grow", 100)
    assert fits.outcome is Outcome.PASS
    assert 90 << 20 < fits.peak_bytes < 200 << 20


def test_a_submission_that_leads_out_is_refused_as_our_mistake(docker):
    with (
        pytest.raises(InfraError, match="nothing may be placed"),
        docker.open({PurePosixPath("../probes/probes.py"): b""}, needs(PROBES)),
    ):
        pass


def test_a_gpu_that_the_engine_cannot_lend_is_our_fault(docker, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_RUNNER_IMAGE", image_name("virtual"))
    wanted = Needs((), PROBES.encode(), LIMITS, device="gpu", unit="GPU-0")
    if "nvidia" in runtimes():
        pytest.skip("this engine can lend one")
    with pytest.raises(InfraError, match="nvidia"), docker.open(FILES, wanted):
        pass


def test_an_npu_whose_driver_is_not_here_is_our_fault(docker, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_RUNNER_IMAGE", image_name("virtual"))
    wanted = Needs((), PROBES.encode(), LIMITS, device="npu", unit="0")
    if Path("/dev/davinci0").exists():
        pytest.skip("this machine has one")
    with pytest.raises(InfraError, match=r"davinci|dcmi"), docker.open(FILES, wanted):
        pass


def runtimes() -> set[str]:
    with closing(engine.connect()) as client:
        return set(client.info()["Runtimes"])

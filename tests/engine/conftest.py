"""Boxes in real containers, of this machine's engine and of one that a test may break."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from autograder.box import janitor
from autograder.box.docker import DockerSandbox, image_name
from autograder.model import Limits, Needs

LIMITS = Limits(cpu_seconds=5.0, memory_mb=512)
_START_SECONDS = 30
_DISK = "900m"  # of the engine that may be broken: room for one image, and little more


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where there is no engine, or no image; say why."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if here and (why := DockerSandbox().available()):
        for item in here:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def docker() -> DockerSandbox:
    return DockerSandbox()


def needs(probes: str, packages: tuple[str, ...] = ()) -> Needs:
    """What a box of a test holds."""
    return Needs(packages, probes.encode(), LIMITS)


def containers() -> list[str]:
    """Containers of boxes that are there now, of whichever process."""
    return listed(f"label={janitor.OWNER}")


def listed(condition: str) -> list[str]:
    """The containers that meet `condition`, running or not."""
    told = subprocess.run(
        ["docker", "ps", "--all", "--quiet", "--filter", condition],
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.split()


def wait_for(found: Callable[[], Any]) -> Any:
    """Return what `found` finds, once that is something."""
    deadline = time.monotonic() + 20
    while not (value := found()):
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.1)
    return value


class OtherEngine:
    """An engine of the tests' own, on a small disk of its own: it may be stopped, and filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = folder / "disk"
        self.socket = folder / "docker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        return {"DOCKER_HOST": f"unix://{self.socket}"}

    def start(self) -> None:
        # In a network of its own: without a bridge, it would remove that of this machine's engine.
        command = [
            "unshare",
            "--net",
            "--",
            "dockerd",
            f"--data-root={self.disk}",
            f"--exec-root={self.folder / 'exec'}",
        ]
        command += [f"--pidfile={self.folder / 'pid'}", f"--host=unix://{self.socket}"]
        command += ["--bridge=none", "--iptables=false", "--ip-forward=false"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _START_SECONDS
        while self._docker("info").returncode:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self._process.kill()
            self._process.wait()
            self._process = None

    def load(self, image: str) -> None:
        saved = subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE)
        done = self._docker("load", stdin=saved.stdout)
        assert saved.wait() == 0 and done.returncode == 0, done.stderr

    def containers(self) -> list[str]:
        return self._docker("ps", "--all", "--quiet").stdout.split()

    def _docker(self, *words: str, stdin: object = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["docker", *words],
            env={**os.environ, **self.env},
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def other_engine_with_image() -> Iterator[OtherEngine]:
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("an engine of one's own needs root and dockerd")
    folder = Path(tempfile.mkdtemp(prefix="ag-engine-"))
    engine = OtherEngine(folder)
    engine.disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "e", engine.disk], check=True)
    try:
        engine.start()
        engine.load(image_name("virtual"))
        yield engine
    finally:
        engine.stop()
        subprocess.run(["umount", "--recursive", engine.disk], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def other_engine(
    other_engine_with_image: OtherEngine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OtherEngine]:
    """The engine that this process, and what it starts, use in this test."""
    for name, value in other_engine_with_image.env.items():
        monkeypatch.setenv(name, value)
    yield other_engine_with_image

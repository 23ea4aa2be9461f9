"""Containers for the tests of CI: started with no right and no mount beyond Docker's default."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course.tree import files_under

ROOT = Path(__file__).parents[2]
BASE = os.environ.get("AUTOGRADER_TEST_BASE", "autograder-test-base:bookworm")
_IMAGE = _NETWORK = "autograder-ci-test"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"  # where Debian has its own
_INSTALL = """
set -e
apt-get update -q && apt-get install -qy --no-install-recommends git
python3 -m venv /opt/grader
wheel=$(ls /made/*.whl)
/opt/grader/bin/pip install --quiet --no-compile -r /made/requirements.txt "$wheel[grader]"
"""


@dataclass(frozen=True)
class Ran:
    """What one command in a container did."""

    code: int
    said: str


def docker(*arguments: object, data: bytes | None = None, check: bool = True) -> Ran:
    """Run the engine's client."""
    command = ["docker", *map(str, arguments)]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, input=data, timeout=900, **both)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0 or not check, f"{command[:3]}: {said}"
    return Ran(done.returncode, said)


def missing() -> str | None:
    """Return why no container can be started here, or None."""
    if shutil.which("docker") is None or docker("info", check=False).code:
        return "no Docker engine answers"
    if docker("image", "inspect", BASE, check=False).code:
        return f"there is no image {BASE}: infra/docker/base.sh makes it"
    return None


@contextmanager
def network() -> Iterator[None]:
    """Keep a network for our containers: a bridge like Docker's own, which others may have lost."""
    made = docker("network", "create", _NETWORK, check=False).code == 0
    try:
        yield
    finally:
        if made:
            docker("network", "rm", _NETWORK, check=False)


class Container:
    """One container that waits for commands; what happens in it, stays in it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, command: str, at: str = "/", **env: str) -> Ran:
        """Run a command of bash as root."""
        told = [word for name, value in env.items() for word in ("--env", f"{name}={value}")]
        return docker("exec", "--workdir", at, *told, self.name, "bash", "-c", command, check=False)

    def must(self, command: str, at: str = "/", **env: str) -> str:
        """Run a command that has to succeed; return what it printed."""
        done = self.run(command, at, **env)
        assert done.code == 0, done.said
        return done.said

    def put(self, folder: Path, target: str) -> None:
        """Copy what is in `folder` to the new folder `target`, owned by root."""
        self.must(f"mkdir -p '{target}'")
        docker("cp", f"{folder}/.", f"{self.name}:{target}")
        self.must(f"chown -R root:root '{target}'")

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        done = subprocess.run(
            ["docker", "exec", self.name, "cat", path], capture_output=True, check=True
        )
        return done.stdout

    def take(self, path: str) -> dict[PurePosixPath, bytes]:
        """Return the files below the folder `path`, by relative name."""
        command = ["docker", "cp", f"{self.name}:{path}/.", "-"]
        packed = subprocess.run(command, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            files = {entry.name: archive.extractfile(entry) for entry in archive if entry.isfile()}
            return {PurePosixPath(name): file.read() for name, file in files.items() if file}


@contextmanager
def container(image: str) -> Iterator[Container]:
    """Start a container with Docker's default rights, and remove it at the end.

    It trusts the certificates that this machine trusts: a mirror of a package index may need it.
    """
    name = f"ci-test-{uuid.uuid4().hex[:12]}"
    trusted = os.environ.get("SSL_CERT_FILE", CERTIFICATES)
    mount = [f"--volume={trusted}:{CERTIFICATES}:ro"] if Path(trusted).is_file() else []
    place = ("--name", name, "--network", _NETWORK)
    try:
        docker("run", "--detach", *place, *mount, image, "sleep", "3600")
        yield Container(name)
    finally:
        docker("rm", "--force", "--volumes", name, check=False)  # one that never started, too


def grader_image(folder: Path) -> str | None:
    """Return an image with this checkout's wheel, made in `folder` if need be; None: no index."""
    tag = f"{_IMAGE}:{_fingerprint()}"
    if docker("image", "inspect", tag, check=False).code == 0:
        return tag
    if not wheel(folder):
        return None
    shutil.copy(ROOT / "labs/requirements.txt", folder)
    with container(BASE) as box:
        box.put(folder, "/made")
        if box.run(_INSTALL, PIP_CERT=CERTIFICATES).code:
            return None
        path = "ENV PATH=/opt/grader/bin:/usr/local/bin:/usr/bin:/bin"
        docker("commit", "--change", path, box.name, tag)
    _forget_others(tag)
    return tag


def wheel(folder: Path) -> bool:
    """Put our wheel into `folder`; False: no index can be reached, which building it needs."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder]
    return subprocess.run([*pip, ROOT], capture_output=True).returncode == 0


def _fingerprint() -> str:
    """A name for what the image is made of."""
    total = hashlib.sha256(docker("image", "inspect", "--format={{.Id}}", BASE).said.encode())
    total.update(_INSTALL.encode())
    for name in ("pyproject.toml", "labs/requirements.txt"):
        total.update((ROOT / name).read_bytes())
    for package in ("autograder", "labkit"):
        for name, path in files_under(ROOT / package).items():
            total.update(f"{package}/{name}".encode() + path.read_bytes())
    return total.hexdigest()[:12]


def _forget_others(tag: str) -> None:
    for line in docker("images", "--format={{.Repository}}:{{.Tag}}", _IMAGE).said.split():
        if line != tag:
            docker("rmi", line, check=False)


def job_environment(kind: str, workspace: str) -> Mapping[str, str]:
    """Return the variables that a job of GitHub's or GitLab's finds, as far as we read them."""
    if kind == "github":
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": workspace,
            "GITHUB_STEP_SUMMARY": "/tmp/step-summary",
            "GITHUB_SERVER_URL": "https://github.example.edu",
        }
    return {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PROJECT_DIR": workspace,
        "CI_SERVER_URL": "https://gitlab.example.edu",
    }

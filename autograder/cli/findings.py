"""What can be found out about a machine without changing it."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from autograder.box import landlock
from autograder.box.base import SANDBOXES, sandbox
from autograder.course import find_course, load_course
from autograder.course.secret import secret_path
from autograder.errors import AutograderError

_SECONDS = 10.0  # for a tool to say its version
_OLDEST = (3, 11)
_EXTRAS = {
    "grader": ("sqlalchemy", "alembic", "jinja2"),
    "lab": ("jupyterlab", "jupytext", "matplotlib"),
    "gpu": ("numba_cuda",),
    "server": ("fastapi", "uvicorn", "httpx"),
    "ray": ("ray",),
}
_TOOLS = {
    "bubblewrap": ("bwrap", "--version", "the namespace sandbox: apt-get install bubblewrap"),
    "git": ("git", "--version", "course repositories: apt-get install git"),
    "g++": ("g++", "-dumpfullversion", "labs whose boxes compile: apt-get install g++"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is there, or is not."""

    name: str
    ok: bool
    detail: str = ""
    advice: str = ""  # what to do, where it is missing
    wall: bool = False  # with it, other people's code can be graded


def python() -> list[Finding]:
    """The interpreter and the system."""
    ok = sys.version_info >= _OLDEST
    here = f"{platform.python_version()} on {platform.system()} {platform.release()}"
    advice = "" if platform.system() == "Linux" else "`check` works here; grade on Linux"
    return [Finding("Python", ok, here, advice if ok else "install Python 3.11 or newer")]


def extras() -> list[Finding]:
    """The optional sets of packages."""
    return [_extra(name, packages) for name, packages in _EXTRAS.items()]


def sandboxes() -> list[Finding]:
    """Each sandbox of this version, whether boxes can be opened."""
    return [_sandbox(name) for name in SANDBOXES]


def kernel() -> list[Finding]:
    """What the kernel lets this user do."""
    return [_user_namespaces(), _cgroups(), _landlock()]


def tools() -> list[Finding]:
    """Programs, and the Docker daemon's socket."""
    return [*(_tool(name, *how) for name, how in _TOOLS.items()), _docker()]


def accelerators() -> list[Finding]:
    """Real devices; without them, labs run on virtual ones."""
    advice = "not needed: labs run on virtual devices"
    gpu, npu = _said("nvidia-smi", "-L"), _said("npu-smi", "info", "-l")
    return [
        Finding("GPU", bool(gpu), gpu or "", "" if gpu else advice),
        Finding("NPU", bool(npu), npu or "", "" if npu else advice),
    ]


def course_files(explicit: Path | None) -> list[Finding]:
    """The course, its secret (never what it says) and its store."""
    try:
        course = load_course(find_course(explicit))
    except AutograderError as error:
        return [Finding("course", False, "", str(error))]
    return [
        Finding("course", True, f"{course.id} in {course.root}"),
        _secret(secret_path(course.id)),
        _store(course.id),
    ]


def _extra(name: str, packages: tuple[str, ...]) -> Finding:
    absent = [package for package in packages if find_spec(package) is None]
    advice = f"python -m pip install 'systems-for-ai[{name}]'"
    if absent:
        return Finding(f"packages [{name}]", False, f"without {', '.join(absent)}", advice)
    return Finding(f"packages [{name}]", True, ", ".join(packages))


def _sandbox(name: str) -> Finding:
    try:
        why = sandbox(name).available()
    except Exception as error:  # one sandbox that cannot even be asked must not silence the rest
        why = f"{type(error).__name__}: {error}"
    detail = "no wall: for one's own code only" if name == "none" else "boxes can be opened"
    is_wall = name != "none"
    return Finding(f"sandbox {name}", why is None, "" if why else detail, why or "", wall=is_wall)


def _user_namespaces() -> Finding:
    if os.geteuid() == 0:
        return Finding("user namespaces", True, "not needed: this is root")
    ok = _said("unshare", "--user", "true") is not None
    advice = (
        ""
        if ok
        else "sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1 "
        "kernel.apparmor_restrict_unprivileged_userns=0"
    )
    return Finding("user namespaces", ok, "" if ok else "forbidden to this user", advice)


def _cgroups() -> Finding:
    root = Path("/sys/fs/cgroup")
    places = (root / "memory", root)
    place = next((p for p in places if p.is_dir() and os.access(p, os.W_OK)), None)
    if place is None:
        advice = "not needed: memory is then watched from outside, less exactly"
        return Finding("cgroups", False, "not writable", advice)
    return Finding("cgroups", True, f"{place} is writable")


def _landlock() -> Finding:
    if found := landlock.version():
        return Finding("Landlock", True, f"version {found}")
    return Finding(
        "Landlock",
        False,
        "this kernel has none, or the container forbids it",
        "only the sandbox user needs it: it then lets all be read that every user may read",
    )


def _tool(name: str, program: str, question: str, use: str) -> Finding:
    said = _said(program, question)
    return Finding(name, said is not None, said or "", "" if said is not None else f"for {use}")


def _docker() -> Finding:
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        return Finding("Docker", True, host)
    socket = Path(host.removeprefix("unix://"))
    if socket.is_socket() and os.access(socket, os.W_OK):
        return Finding("Docker", True, str(socket))
    detail = f"{socket} may not be used by this user" if socket.exists() else f"no {socket}"
    return Finding("Docker", False, detail, "not needed for the namespace sandbox")


def _secret(path: Path) -> Finding:
    if path.is_file():
        return Finding("secret", True, str(path))
    return Finding("secret", True, f"{path} (the first `grade` creates it)")


def _store(course_id: str) -> Finding:
    try:
        from autograder.store import default_url
    except ImportError:
        return Finding("store", False, "", "python -m pip install 'systems-for-ai[grader]'")
    url = default_url(course_id)
    file = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///"):
        return Finding("store", True, url)
    nearest = next(p for p in (file, *file.parents) if p.exists())
    ok = os.access(nearest, os.W_OK)
    advice = "" if ok else "make it writable, or name another store with AUTOGRADER_STORE"
    return Finding("store", ok, str(file), advice)


def _said(program: str, *arguments: str) -> str | None:
    """Return the first line that a program says, or None if it is not there or fails."""
    if (path := shutil.which(program)) is None:
        return None
    try:
        done = subprocess.run(
            [path, *arguments], capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode(errors="replace").splitlines()
    return None if done.returncode else (lines[0].strip() if lines else "")

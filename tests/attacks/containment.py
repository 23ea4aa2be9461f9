"""The outer wall: every attack, and the grader it is made on, runs where it can harm nothing.

Attacks succeed on the weakened side, by design, and might on the real one; both run as whoever
runs the tests, perhaps as root. So neither may see this machine writable: the file system is
read-only, scratch folders are fresh, processes and network are of the containment's own.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]  # of the checkout
UID = 65534  # of the ordinary user
ENGINE = Path("/run/docker.sock")  # where a grader in a containment finds the engine
SCRATCH = ("/tmp", "/var/tmp", "/run", "/dev/shm")
_WORKING = "/tmp/scratch"
_KEPT = ("AUTOGRADER_RUNNER_IMAGE",)
# The interpreter may lie in a home folder that an ordinary user cannot enter, and so may we.
_PYTHON, _CHECKOUT, _PACKAGES = "/run/python", "/run/checkout", "/run/packages"
_ORDINARY = (f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--inh-caps=-all")
# bubblewrap's own /proc has covers on it, below which no user namespace may mount another.
_START = 'mount -t proc proc /proc 2>/dev/null; mkdir -p /tmp/scratch/home; exec "$@"'


def contained(
    *command: str, ordinary: bool = False, capable: bool = True, engine: bool = False
) -> list[str]:
    """Return the command line that runs `command` (of Python) in a containment of its own.

    Args:
        command: what follows the interpreter.
        ordinary: whether to run as an ordinary user; needs root.
        capable: whether to keep the capabilities that a box needs to be built, if we have them.
        engine: whether it may use this machine's engine of containers.
    """
    python = [interpreter(), *command]
    if ordinary:
        python = ["setpriv", *_ORDINARY, *python]
    elif os.geteuid() != 0:  # bubblewrap refuses whoever still holds what mounted /proc
        python = ["setpriv", "--inh-caps=-all", "--ambient-caps=-all", *python]
    elif not capable:
        python = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *python]
    shown = ["--bind", str(ENGINE), str(ENGINE)] if engine else []
    return [*_wall(), *shown, "--", "/bin/sh", "-c", _start(ordinary), "sh", *python]


def require() -> None:
    """Refuse to go on outside a containment. Whatever attacks calls this first."""
    walled = Path("/proc/1/comm").read_text().strip() in ("bwrap", "sh")
    if not walled or str(ROOT) != _CHECKOUT or os.access(ROOT, os.W_OK):
        raise RuntimeError("attacks run in a containment only: see containment.contained")


def environment() -> dict[str, str]:
    """The whole environment of what runs in a containment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PATH": os.pathsep.join((os.environ.get("PATH", ""), os.defpath)),
        "HOME": f"{_WORKING}/home",
        "TMPDIR": _WORKING,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join((_CHECKOUT, _PACKAGES)),
    }


def _wall() -> list[str]:
    options = ["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net"]
    options += ["--unshare-ipc", "--unshare-uts", "--cap-add", "ALL"]
    if os.geteuid() != 0:
        options += ["--unshare-user"]
    options += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder in SCRATCH:
        options += ["--perms", "1777", "--tmpfs", folder]
    for source, target in shown():
        options += ["--ro-bind", str(source), target]
    return [shutil.which("bwrap") or "bwrap", *options, "--chdir", "/"]


def shown() -> list[tuple[Path, str]]:
    """What we need of this machine, where any user can read it."""
    shown = [(ROOT, _CHECKOUT), (Path(pytest.__file__).parents[1], _PACKAGES)]
    prefix = Path(sys.base_prefix).resolve()
    return shown if prefix == Path("/usr") else [*shown, (prefix, _PYTHON)]


def libraries() -> dict[str, str]:
    """Where the interpreter finds its own library, if it has been moved."""
    moved = Path(sys.base_prefix).resolve() != Path("/usr")
    return {"LD_LIBRARY_PATH": f"{_PYTHON}/lib"} if moved else {}


def _start(ordinary: bool) -> str:
    return (
        _START.replace("; exec", f"; chown -R {UID}:{UID} /tmp/scratch; exec")
        if ordinary
        else _START
    )


def interpreter() -> str:
    """Where the interpreter lies in a containment."""
    mine = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    prefix = Path(sys.base_prefix).resolve()
    return str(mine if prefix == Path("/usr") else _PYTHON / mine.relative_to(prefix))

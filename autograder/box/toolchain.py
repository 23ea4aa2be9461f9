"""What `labkit.npu` has built ahead, once, for all boxes of this user: they are shown it read-only.

It is made of our own sources alone, before any box is open, so that no submission waits for it
in its own time, and none could have touched it.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import autograder
from autograder.box.furnished import processor
from autograder.errors import InfraError

TARGET = "/box/toolchain"  # where a box shows it
VARIABLE = "LABKIT_NPU_TOOLCHAIN"  # tells code in a box where

_SOURCE = Path(autograder.__file__).parents[1]
_SECONDS = 600.0
_KEPT = 3  # of earlier sources


@cache
def folder(compiler: tuple[Path, ...]) -> Path:
    """Return what `compiler` (its parts) has built, which happens now if need be.

    Raises:
        InfraError: it cannot be built, or its place is not this user's alone.
    """
    try:
        place = _cache() / _digest(compiler)
        with _locked(place.parent):
            if not place.is_dir():
                _remove_older(place.parent)
                _build_in(place)
    except OSError as error:
        raise InfraError(f"labkit.npu's toolchain finds no place: {error}") from error
    return place


def build(place: Path) -> None:
    """Build it in the new folder `place`, readable by all.

    Raises:
        InfraError: that fails.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-m", "labkit.npu", "build-toolchain", str(place)],
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "PYTHONPATH": str(_SOURCE), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or "no word").splitlines()[-1]
        raise InfraError(f"labkit.npu's toolchain cannot be built: {said}")
    for path in (place, *place.rglob("*")):
        path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _build_in(place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="new-") as new:
        build(Path(new, "toolchain"))
        Path(new, "toolchain").rename(place)


def _cache() -> Path:
    """A folder of this user's own, which the user of a box can pass if we are root."""
    if os.geteuid() == 0:
        base = Path("/var/cache")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    found = base / "autograder" / "toolchain"
    found.mkdir(parents=True, exist_ok=True)
    status = found.stat()
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise InfraError(f"{found} is not this user's alone: remove it")
    return found


def _digest(compiler: tuple[Path, ...]) -> str:
    """Changes with our sources, with the compiler and with the processor."""
    digest = hashlib.sha256(f"{processor()}\0".encode())
    for part in compiler:
        status = part.stat()
        digest.update(f"{part} {status.st_size} {status.st_mtime_ns}\0".encode())
    for path in sorted((_SOURCE / "labkit" / "npu").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(_SOURCE).as_posix()
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()[:32]


def _remove_older(parent: Path) -> None:
    """Keep some: a box may still show the one before."""
    found = sorted(parent.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in found[:-_KEPT]:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

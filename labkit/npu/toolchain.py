"""Our own compiled parts: the runtime, a precompiled header and the replay, built once."""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labkit.npu.chips import INCLUDE
from labkit.npu.errors import ToolchainError
from labkit.npu.limits import Limits, start

PLACE = "LABKIT_NPU_TOOLCHAIN"  # a folder where everything is built already, to be only read
OLDEST = 12  # the major version of g++ with _Float16 in C++
_PACKAGE = INCLUDE.parent
_SOURCES = ("include", "runtime", "replay")
_COMMON = ("-std=c++17", "-O3", "-ffp-contract=off", "-g0", "-Wno-unknown-pragmas")
_STUDENT = ("-std=c++17", "-O1", "-ffp-contract=off", "-g0", "-Wno-unknown-pragmas")
_PREFIX = "prefix.h"
_VERSIONS = 4  # kept of our own parts: of several checkouts, say
_IN_USE = 86400  # seconds since parts were asked for, within which a process may still use them
_BUILDING = Limits(wall=600, output=1 << 20)


@dataclass(frozen=True)
class Compiler:
    """A g++ that will do."""

    path: str
    version: str

    @property
    def flags(self) -> tuple[str, ...]:
        """What this processor adds to every command."""
        return ("-mf16c",) if _has_f16c() else ()


@dataclass(frozen=True)
class Toolchain:
    """Where the built parts are; `digest` names what they were built from."""

    folder: Path
    compiler: Compiler
    digest: str

    @property
    def replay(self) -> Path:
        """The executable that replays a trace."""
        return self.folder / "npu-replay"

    @property
    def runtime(self) -> Path:
        """The object that student code is linked with."""
        return self.folder / "runtime.o"

    def student_flags(self, prefixed: bool) -> list[str]:
        """Return the flags that compile student code, with the precompiled header or without."""
        prefix = ["-I", str(self.folder), "-include", _PREFIX] if prefixed else []
        return [*_STUDENT, *self.compiler.flags, "-DNPU_PREBUILT", *prefix, "-I", str(INCLUDE)]


@cache
def compiler() -> Compiler:
    """Find g++.

    Raises:
        ToolchainError: there is none, or it is too old.
    """
    path = shutil.which("g++")
    if path is None:
        raise ToolchainError("there is no g++ on this machine: apt-get install g++")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = told.stdout.split("\n", 1)[0]
    match = re.search(r"\b(\d+)\.\d+(\.\d+)?\s*$", re.sub(r"\(.*?\)", "", version))
    if match is None or int(match[1]) < OLDEST:
        raise ToolchainError(f"g++ {OLDEST} or newer is needed, this is {version or path!r}")
    return Compiler(path, version)


def _has_f16c() -> bool:
    if platform.machine() not in ("x86_64", "AMD64"):
        return False
    try:
        return " f16c" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def _digest(found: Compiler) -> str:
    """Name all that our parts are built from."""
    whole = hashlib.sha256(repr((found, found.flags, _COMMON, _STUDENT)).encode())
    whole.update(platform.machine().encode())
    for path in sorted(each for name in _SOURCES for each in (_PACKAGE / name).rglob("*")):
        if path.is_file():
            whole.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()[:24]


def cache_folder() -> Path:
    """Return this user's folder for what is built; nobody else may look into it.

    Raises:
        ToolchainError: it cannot be made, or others may write there: what it holds could be theirs.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "systems-for-ai" / "npu"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        text = (
            f"{folder} cannot be made ({error.strerror}): set XDG_CACHE_HOME to a folder of yours"
        )
        raise ToolchainError(text) from error
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise ToolchainError(f"{folder} is not yours alone to write to")
    return folder


@cache
def toolchain() -> Toolchain:
    """Return the built parts, after building them if they are not there.

    Raises:
        ToolchainError: no g++, or the folder that $LABKIT_NPU_TOOLCHAIN names has others.
    """
    found = compiler()
    digest = _digest(found)
    if place := os.environ.get(PLACE):
        ready = Toolchain(Path(place), found, digest)
        if not _is_ready(ready):
            raise ToolchainError(
                f"{place} holds no parts of this version: run python -m labkit.npu build-toolchain"
            )
        return ready
    ready = Toolchain(cache_folder() / digest, found, digest)
    if not _is_ready(ready):
        with _alone(ready.folder.with_suffix(".lock")):
            if not _is_ready(ready):
                build(ready)
                forget(ready.folder.parent)
    os.utime(ready.folder)
    return ready


def forget(folder: Path) -> None:
    """Remove parts of old versions from the user's cache, but the last few and the lately used."""
    versions = [each.parent for each in folder.glob("*/digest")]
    for old in sorted(versions, key=lambda each: each.stat().st_mtime, reverse=True)[_VERSIONS:]:
        if time.time() - old.stat().st_mtime < _IN_USE:
            continue
        shutil.rmtree(old, ignore_errors=True)
        old.with_suffix(".lock").unlink(missing_ok=True)


def _is_ready(parts: Toolchain) -> bool:
    try:
        return (parts.folder / "digest").read_text() == parts.digest
    except OSError:
        return False


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def at(folder: Path) -> Toolchain:
    """Return the parts of this version that are, or are to be, in `folder`."""
    return Toolchain(folder, compiler(), _digest(compiler()))


def build(parts: Toolchain) -> None:
    """Build `parts` beside their folder, and put them into place at once.

    Raises:
        ToolchainError: g++ refused them.
    """
    parts.folder.parent.mkdir(parents=True, exist_ok=True)
    print("npu: building the virtual NPU's own parts, once", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=parts.folder.parent) as made:
        fresh = Path(made, "parts")
        fresh.mkdir()
        _compile(parts, fresh)
        (fresh / "digest").write_text(parts.digest)
        if parts.folder.exists():
            shutil.rmtree(parts.folder)
        fresh.replace(parts.folder)


def _compile(parts: Toolchain, made: Path) -> None:
    """Build all parts at once: there are more cores than one, mostly."""
    gxx, flags = parts.compiler.path, [*_COMMON, *parts.compiler.flags, "-I", str(INCLUDE)]
    (made / _PREFIX).write_text('#include "kernel_operator.h"\n')
    replay = sorted(map(str, (_PACKAGE / "replay").glob("*.cpp")))
    runtime = str(_PACKAGE / "runtime" / "runtime.cpp")
    header = [*parts.student_flags(prefixed=False), "-x", "c++-header", str(made / _PREFIX)]
    commands = (
        [gxx, *flags, "-D_GLIBCXX_ASSERTIONS", *replay, "-o", str(made / "npu-replay")],
        [gxx, *flags, "-c", runtime, "-o", str(made / "runtime.o")],
        [gxx, *header, "-o", str(made / f"{_PREFIX}.gch")],
    )
    started = [start(command, _BUILDING) for command in commands]
    for command, ended in zip(commands, [each.wait() for each in started], strict=True):
        if ended.returncode:
            raise ToolchainError(f"{' '.join(command)} failed:\n{ended.text}")

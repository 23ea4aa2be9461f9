"""Compiles a student's program, within limits, once for each text of it."""

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from labkit.npu.errors import BuildError, Mistake
from labkit.npu.limits import Ended, Limits, start
from labkit.npu.lint import check
from labkit.npu.messages import mistakes
from labkit.npu.rewriting import rewrite
from labkit.npu.source import Program, included
from labkit.npu.toolchain import PLACE, Toolchain, cache_folder, toolchain

CACHE = "LABKIT_NPU_BUILD_CACHE"  # "off": nothing is kept beyond this process
LIMITS = Limits(wall=30.0, memory=2 << 30, file_bytes=64 << 20, output=256 << 10)
_BOUNDS = (
    "-fmax-errors=5",
    "-ftemplate-depth=200",
    "-fconstexpr-depth=256",
    "-fconstexpr-loop-limit=65536",
    "-fconstexpr-ops-limit=4194304",
    "-fno-diagnostics-show-caret",
    "-fno-diagnostics-show-option",
    "-fdiagnostics-color=never",
    "-fmessage-length=0",
)
_MOST_BUILDS = 64  # kept for each user
_PREFIXED = "<kernel_operator.h>", '"kernel_operator.h"'
_built: dict[str, Path] = {}


def compile_program(program: Program, *, runs_main: bool) -> Path:
    """Return the executable that `program` builds.

    Args:
        program: as gathered.
        runs_main: whether its own ``main`` is to run.

    Raises:
        BuildError: it does not build, or not within the limits.
        ToolchainError: nothing can be built on this machine.
    """
    parts = toolchain()
    key = _key(program, parts, runs_main)
    if key in _built and _built[key].exists():
        return _built[key]
    kept = _kept(key)
    if kept is None or not kept.exists():
        check(program)
        files = rewrite(program, runs_main=runs_main)
        made = _compile(program, files, parts, _own_folder() / key)
        kept = _keep(made, kept) if kept else made
    _built[key] = kept
    return kept


def _key(program: Program, parts: Toolchain, runs_main: bool) -> str:
    what = repr((sorted(program.files.items()), program.units, runs_main, parts.digest, _BOUNDS))
    return hashlib.sha256(what.encode()).hexdigest()[:32]


@cache
def _own_folder() -> Path:
    """Return a folder of this process, which goes with it."""
    folder = tempfile.mkdtemp(prefix="npu-")
    owner = os.getpid()
    atexit.register(_remove, folder, owner)
    return Path(folder)


def _remove(folder: str, owner: int) -> None:
    """Remove `folder`, unless this is a child that its `owner` forked."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(key: str) -> Path | None:
    """Return where an executable is kept for the user's next process; nowhere in a box."""
    if os.environ.get(CACHE) == "off" or PLACE in os.environ:
        return None
    folder = cache_folder() / "builds"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / key


def _keep(made: Path, kept: Path) -> Path:
    """Put `made` into the user's cache, and let the oldest go."""
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    shutil.copy2(made, fresh)
    fresh.replace(kept)
    builds = sorted(kept.parent.iterdir(), key=_age, reverse=True)
    for old in builds[_MOST_BUILDS:]:
        old.unlink(missing_ok=True)
    return kept


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _compile(program: Program, files: Mapping[str, str], parts: Toolchain, made: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=_own_folder()) as name:
        folder = Path(name)
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        until = time.monotonic() + LIMITS.wall  # for all units together
        for number, unit in enumerate(program.units):
            command = [
                parts.compiler.path,
                *parts.student_flags(_prefixed(program, unit)),
                *_BOUNDS,
                *("-I", ".", "-x", "c++", "-c", _operand(unit), "-o", f"{number}.o"),
            ]
            _run(command, folder, program, until)
        objects = [f"{number}.o" for number in range(len(program.units))]
        command = [parts.compiler.path, *objects, str(parts.runtime), "-o", str(made)]
        _run(command, folder, program, until)
    return made


def _operand(unit: str) -> str:
    """Return `unit` as g++ takes it for a file: not for an option, nor for a file of options."""
    return f"./{unit}" if unit.startswith(("-", "@")) else unit


def _prefixed(program: Program, unit: str) -> bool:
    """Say whether `unit` includes kernel_operator.h, so that it may as well come first."""
    return any(
        included(token) in _PREFIXED
        for file in program.reached(unit)
        for token in program.structures[file].code
    )


def _run(command: list[str], folder: Path, program: Program, until: float) -> None:
    ended = start(command, LIMITS, folder=folder, environment={"TMPDIR": str(folder)}).wait(until)
    if ended.returncode:
        raise _refusal(ended, program)


def _refusal(ended: Ended, program: Program) -> BuildError:
    """Say what a failed g++ failed of."""
    first, said = program.units[0], ended.text
    if ended.timed_out or "CPU time limit" in said or "Killed" in said:
        text = "g++ took too long: is there a template or a constexpr without end?"
        return BuildError([Mistake(first, 0, f"{first}: {text}")], "time")
    if "virtual memory exhausted" in said or "out of memory" in said:
        text = f"g++ took more than {(LIMITS.memory or 0) >> 30} GiB of memory"
        return BuildError([Mistake(first, 0, f"{first}: {text}")], "memory")
    if "File size limit" in said or "File too large" in said:
        text = f"the program is larger than {(LIMITS.file_bytes or 0) >> 20} MiB"
        return BuildError([Mistake(first, 0, f"{first}: {text}")], "size")
    found = mistakes(said, program.files)
    told = said.strip()[-2000:] or f"g++ ended with status {ended.returncode}"
    return BuildError(found or [Mistake(first, 0, told)])

"""What a box shows of this machine's compilers, if its lab asks for one.

Only what compiles: the programs, their own folder, the headers. The C library, and the start files
of programs, are among the shared libraries that every box shows.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from autograder.box import layout, toolchain
from autograder.box.layout import Bind
from autograder.errors import InfraError

ASCENDC = "ascendc"  # g++, and what `labkit.npu` has built ahead

_PLACES = "/usr/bin:/bin:/usr/local/bin"  # no wrapper of a user's, such as ccache
_LOCAL_HEADERS = Path("/usr/local/include")  # of whoever keeps this machine; no lab knows them
_GCC = "/usr/lib/gcc"
_SECONDS = 30.0


class Compiler(NamedTuple):
    """A g++ that is installed."""

    parts: tuple[Path, ...]  # programs and folders, each shown where it is
    version: str


def binds(names: Iterable[str]) -> list[Bind]:
    """What a box shows for the compilers `names`.

    Raises:
        InfraError: one is not installed on this machine, or does not work.
    """
    wanted = set(names)
    shown = [Bind(part.resolve(), str(part)) for part in gxx().parts] if wanted else []
    ahead = [Bind(_built_ahead(), toolchain.TARGET)] if ASCENDC in wanted else []
    return [*shown, *ahead]


def versions(names: Sequence[str]) -> dict[str, str]:
    """Return the version of what compiles, where `names` ask for any.

    Raises:
        InfraError: as for `binds`.
    """
    return {"g++": gxx().version} if names else {}


def environment(names: Iterable[str], *, fixed: bool) -> dict[str, str]:
    """The variables by which code in a box finds the compilers `names`.

    Args:
        names: as a lab lists them.
        fixed: the box shows what was built ahead at its own place, not where it is here.
    """
    wanted = set(names)
    found = {"PATH": _PLACES} if wanted else {}
    if ASCENDC in wanted:
        found[toolchain.VARIABLE] = toolchain.TARGET if fixed else str(_built_ahead())
    return found


def hidden(names: Iterable[str]) -> list[str]:
    """The folder to cover where a system keeps its compilers among its shared libraries."""
    shown = any(Path(_GCC).is_relative_to(bind.target) for bind in layout.system()[0])
    return [_GCC] if shown and not set(names) and Path(_GCC).is_dir() else []


def check_scratch(names: Iterable[str], folder: Path) -> None:
    """Make sure that what the compilers `names` make in `folder` can be run there.

    Raises:
        InfraError: not so; student code would be blamed for it.
    """
    if set(names) and os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise InfraError(
            f"the lab compiles, and nothing in {folder} may be run: mount its file system without "
            "noexec, or grade with --sandbox namespace or docker"
        )


def _built_ahead() -> Path:
    return toolchain.folder(gxx().parts)


@cache
def gxx() -> Compiler:
    """Find g++, and ask it what it needs.

    Raises:
        InfraError: it is not installed, or not whole.
    """
    driver = shutil.which("g++", path=_PLACES)
    if driver is None:
        raise InfraError("a lab needs g++, which is not installed: apt-get install g++")
    programs = [_program(driver, name) for name in ("as", "ld")]
    own = {_program(driver, name).parent for name in ("cc1plus", "collect2")}
    own.add(Path(_asked(driver, "-print-file-name=crtbegin.o")).parent)
    headers = [path for path in _headers(driver) if path != _LOCAL_HEADERS]
    return Compiler(
        parts=(Path(driver), *programs, *_topmost([*own, *headers])),
        version=_asked(driver, "-dumpfullversion"),
    )


def _program(driver: str, name: str) -> Path:
    told = _asked(driver, f"-print-prog-name={name}")
    found = shutil.which(told, path=_PLACES)
    if found is None:
        raise InfraError(f"{driver} finds no {name}: apt-get install g++ binutils")
    return Path(os.path.normpath(found))


def _headers(driver: str) -> list[Path]:
    """The folders in which g++ looks for what stands in angle brackets."""
    told = _asked(driver, "-E", "-v", "-x", "c++", os.devnull, errors=True)
    _, _, after = told.partition("<...> search starts here:\n")
    lines = after.partition("End of search list.")[0].splitlines()
    found = [Path(os.path.normpath(line.strip())) for line in lines]
    if not found:
        raise InfraError(f"{driver} names no folder of headers: apt-get install g++")
    return found


def _topmost(paths: Iterable[Path]) -> list[Path]:
    """Those of `paths` that lie in no other."""
    given = {Path(os.path.normpath(path)) for path in paths}
    return sorted(path for path in given if not given & set(path.parents))


def _asked(driver: str, *question: str, errors: bool = False) -> str:
    try:
        done = subprocess.run(
            [driver, *question],
            env={"PATH": _PLACES, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            text=True,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InfraError(f"{driver} does not work ({error}): apt-get install g++") from error
    return (done.stderr if errors else done.stdout).strip()

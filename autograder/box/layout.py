"""Which folders and files of this machine a box shows, and where.

Only what runs: the system's shared libraries, the interpreter with its standard library, the
driver, the packages a lab names, labkit. Everything is bound read-only.
"""

import importlib.metadata
import os
import stat
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.box import distributions
from autograder.errors import InfraError
from autograder.model import Needs

DRIVER, SITE, LABKIT, PROBES, SUBMISSION = (
    f"/box/{name}" for name in ("driver", "site", "labkit", "probes", "submission")
)
# As `-I`, but for one thing: PYTHONHASHSEED counts, so that sets and dicts of strings have the same
# order on every run. No other variable of Python's is in a box's environment.
ISOLATED = ("-P", "-s", "-S")

# What most code imports beside a package: cheaper once in the driver than in every call.
COMPANIONS = {"numpy": ("numpy.typing", "numpy.random")}

# In this order on the path: what was handed in can never shadow a library.
SEARCH_PATH = (SITE, LABKIT, PROBES, SUBMISSION)

# Modules of this package that run inside the box; they import nothing else of ours.
INSIDE = (
    "child",
    "compiled",
    "decoding",
    "driver",
    "encoding",
    "failure",
    "frames",
    "furnished",
    "link",
    "listeners",
    "lockdown",
    "meter",
    "plain",
    "relay",
    "rlimits",
    "running",
    "seccomp",
    "serving",
    "wipe",
    "wire",
)

_PYTHON = "/box/python"
_SYSTEM = Path("/usr")
_PACKAGE = Path(__file__).parents[1]  # autograder/
_PRIVATE = ("AUTOGRADER_COURSE",)  # names of environment variables that hold folders


class Bind(NamedTuple):
    """A file or folder of this machine, and where the box shows it."""

    source: Path
    target: str


class Python(NamedTuple):
    """The interpreter inside the box."""

    executable: str
    binds: tuple[Bind, ...]
    hidden: tuple[str, ...]  # folders in the box to cover: packages that no lab asked for
    library_path: str | None  # for LD_LIBRARY_PATH


def system() -> tuple[list[Bind], list[tuple[str, str]]]:
    """The system's shared libraries: folders to bind, and links (target, name) as they are here."""
    multiarch = sysconfig.get_config_var("MULTIARCH")
    debian = multiarch and Path("/usr/lib", multiarch).is_dir()
    wanted = [f"/usr/lib/{multiarch}", "/usr/lib64"] if debian else ["/usr/lib", "/usr/lib64"]
    binds, links = [], []
    for path in map(Path, [*wanted, "/lib", "/lib64"]):
        if path.is_symlink():
            links.append((str(path.readlink()), str(path)))
        elif path.is_dir():
            binds.append(Bind(path, str(path)))
    return binds, links


@cache
def python() -> Python:
    """The interpreter that runs this process, without its installed packages.

    An interpreter outside /usr may lie in a home folder, which the box's user could not read and
    should not know of: it is shown at ``/box/python``.
    """
    prefix = Path(sys.base_prefix).resolve()
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    executable = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    root = "/usr" if prefix == _SYSTEM else _PYTHON
    inside = f"{root}/lib/{stdlib.name}"
    binds = [Bind(stdlib, inside), Bind(executable, f"{root}/bin/{executable.name}")]
    if root == _PYTHON:
        binds = [*_libraries(prefix, f"{root}/lib"), *binds]
    return Python(
        executable=f"{root}/bin/{executable.name}",
        binds=tuple(binds),
        hidden=tuple(
            f"{inside}/{name}"
            for name in ("site-packages", "dist-packages")
            if (stdlib / name).is_dir()
        ),
        library_path=f"{root}/lib" if root == _PYTHON else None,
    )


def _libraries(prefix: Path, target: str) -> list[Bind]:
    """What the interpreter loads from beside its standard library."""
    lib = prefix / "lib"
    if (prefix / "conda-meta").is_dir():  # brings all it needs, not only libpython
        return [Bind(lib, target)]
    return [Bind(file.resolve(), f"{target}/{file.name}") for file in lib.glob("libpython*.so*")]


def driver() -> list[Bind]:
    """Our modules that run inside, with their compiled forms."""
    files = [_PACKAGE / "__init__.py", _PACKAGE / "box" / "__init__.py"]
    files += [_PACKAGE / "box" / f"{name}.py" for name in INSIDE]
    binds = []
    for file in files:
        for path in (file, _compiled(file)):
            if path.is_file():
                target = f"{DRIVER}/{path.relative_to(_PACKAGE.parent).as_posix()}"
                binds.append(Bind(path, target))
    return binds


def _compiled(file: Path) -> Path:
    return file.parent / "__pycache__" / f"{file.stem}.{sys.implementation.cache_tag}.pyc"


def labkit() -> list[Bind]:
    """What lab code may import of ours."""
    folder = _PACKAGE.parent / "labkit"
    return [Bind(folder, f"{LABKIT}/labkit")] if folder.is_dir() else []


def probes(needs: Needs) -> dict[PurePosixPath, bytes]:
    """The files of the folder that holds probes.py."""
    files = {"probes.py": needs.probes, **needs.more_probes}
    return {PurePosixPath(name): source for name, source in files.items()}


def environment(scratch: str) -> dict[str, str]:
    """The variables of a box that may write in the folder `scratch`."""
    return {
        "HOME": scratch,
        "USER": "student",  # without /etc/passwd, getpass and torch ask here
        "LOGNAME": "student",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "NUMBA_CACHE_DIR": f"{scratch}/numba",
        "TORCHINDUCTOR_CACHE_DIR": f"{scratch}/inductor",
    }


def keep_private(folder: Path) -> None:
    """Count `folder` among what no box may show, as long as this process lives."""
    _kept_private.add(folder)


_kept_private: set[Path] = set()


def private_folders() -> list[Path]:
    """The folders that are private to whoever runs the grader."""
    named = map(Path, filter(None, map(os.getenv, _PRIVATE)))
    private = {Path("~").expanduser(), *named, *_kept_private}
    return [folder.resolve() for folder in private if folder.is_dir()]


def private_parts(binds: Iterable[Bind]) -> list[str]:
    """Where in the box `binds` would show what is private to whoever runs the grader."""
    return [
        f"{target}/{path.relative_to(source).as_posix()}"
        for path in private_folders()
        for source, target in binds
        if source in path.parents
    ]


def check_readable(binds: Iterable[Bind]) -> None:
    """Make sure that the user of a box, who is nobody, can read what is bound.

    Raises:
        InfraError: not so; student code would be blamed for it.
    """
    for source, _ in binds:
        mode = source.stat().st_mode
        needed = 0o005 if stat.S_ISDIR(mode) else 0o004
        if mode & needed != needed:
            raise InfraError(
                f"{source} must be readable by every user to be shown in a box: "
                f"chmod -R o+rX {source}"
            )


@cache
def packages(names: tuple[str, ...]) -> tuple[Bind, ...]:
    """The installed distributions `names` and all they require, each with its own files only.

    Raises:
        InfraError: one is not installed on this machine.
    """
    found = {
        f"{SITE}/{root}": path
        for name in distributions.closure(names)
        for root, path in distributions.roots(name)
    }
    return tuple(Bind(path, target) for target, path in found.items())


def all_packages() -> list[Bind]:
    """Every package beside NumPy, for a wall that tests have weakened."""
    return [Bind(Path(str(importlib.metadata.distribution("numpy").locate_file(""))), SITE)]


def preload(packages: Iterable[str]) -> list[str]:
    """Return the modules that the driver imports before it forks: packages named like theirs."""
    modules = [name for name in packages if name.isidentifier()]
    return [module for name in modules for module in (name, *COMPANIONS.get(name, ()))]

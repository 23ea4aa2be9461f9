"""The command line of bubblewrap for one box."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from autograder.box import compilers, layout
from autograder.box.layout import Bind
from autograder.box.wall import Wall
from autograder.errors import InfraError

_NOBODY = "65534"


def command(wall: Wall, binds: Iterable[Bind], compiles: Sequence[str] = ()) -> list[str]:
    """Return the argument list that starts the driver in a box; the driver's own come after it.

    Args:
        wall: what protects the box.
        binds: what it shows besides interpreter and driver.
        compiles: the compilers that are among `binds`.

    Raises:
        InfraError: bubblewrap is not installed, or what is bound cannot be read in the box.
    """
    python = layout.python()
    shown = [*python.binds, *layout.driver(), *binds]
    if os.geteuid() == 0:
        layout.check_readable(shown)
    return [
        _program(),
        *_namespaces(wall),
        *_capabilities(wall),
        *_environment(wall, python.library_path, compiles),
        *_files(wall, shown, [*python.hidden, *compilers.hidden(compiles)]),
        "--chdir",
        "/",
        "--",
        python.executable,
        *layout.ISOLATED,
        f"{layout.DRIVER}/autograder/box/driver.py",
    ]


def _program() -> str:
    found = shutil.which("bwrap") or shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if not found:
        raise InfraError("bubblewrap is not installed: apt-get install bubblewrap")
    return found


@cache
def _knows(option: str) -> bool:
    told = subprocess.run([_program(), "--help"], capture_output=True, text=True, check=False)
    return option in told.stdout + told.stderr


def _namespaces(wall: Wall) -> list[str]:
    options = [
        "--unshare-uts",
        "--hostname",
        "box",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
    ]
    if os.geteuid() != 0:
        options += ["--unshare-user", "--uid", _NOBODY, "--gid", _NOBODY]
        if wall.disable_userns and _knows("--disable-userns"):
            options.append("--disable-userns")
    if wall.pid_namespace:
        options += ["--unshare-pid", *(["--as-pid-1"] if wall.as_pid_1 else [])]
    options += ["--unshare-net"] if wall.network else []
    options += ["--unshare-ipc"] if wall.ipc else []
    return options


def _capabilities(wall: Wall) -> list[str]:
    """What the driver needs to finish the wall; it drops them all before student code comes."""
    needed = ["SYS_ADMIN", "SETPCAP"]
    if os.geteuid() == 0:
        if not (wall.drop_caps or wall.unique_uid):
            return ["--cap-add", "ALL"]
        needed += ["SETUID", "SETGID"]
    return ["--cap-drop", "ALL", *_each("--cap-add", (f"CAP_{name}" for name in needed))]


def _environment(wall: Wall, library_path: str | None, compiles: Sequence[str]) -> list[str]:
    variables = layout.environment("/tmp") | compilers.environment(compiles, fixed=True)
    if library_path:
        variables["LD_LIBRARY_PATH"] = library_path
    set_all = [word for pair in variables.items() for word in ("--setenv", *pair)]
    return ["--clearenv", *set_all] if wall.clean_env else set_all


def _files(wall: Wall, binds: list[Bind], hidden: Iterable[str]) -> list[str]:
    system, links = layout.system()
    shown = [*(Bind(Path(path), path) for path in wall.also_visible), *system, *binds]
    options = _folders(target for _, target in shown)
    for source, target in shown:
        options += ["--ro-bind", str(source), target]
    for folder in [*hidden, *layout.private_parts([*system, *binds])]:
        options += ["--tmpfs", folder, "--remount-ro", folder]
    for target, name in links:
        options += ["--symlink", target, name]
    # As a user, /proc can only be mounted for one's own pid namespace.
    options += ["--proc", "/proc"] if wall.pid_namespace else ["--bind", "/proc", "/proc"]
    options += ["--dev", "/dev", "--dir", "/tmp"]
    return [*options, *(_each("--remount-ro", ("/dev/pts", "/dev", "/")) if wall.mount else [])]


def _folders(targets: Iterable[str]) -> list[str]:
    """The folders above `targets`, which bubblewrap would not always make for all to enter."""
    parents = {str(parent) for target in targets for parent in PurePosixPath(target).parents}
    return _each("--dir", sorted(parents - {"/"}))


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]

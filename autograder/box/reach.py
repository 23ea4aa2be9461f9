"""What the user of a box can reach of this machine's own files, and what it must not."""

import os
import stat
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autograder.box import compilers, layout
from autograder.errors import InfraError
from autograder.model import Needs

_SECRET = "AUTOGRADER_SECRET_FILE"
_COURSE = Path("labs/course.toml")  # what marks a course folder
_UNREAL = ("/proc", "/sys")
_MOST_FOLDERS = 50_000  # that are looked at for those of everybody


class Reach(NamedTuple):
    """Paths that a box's user may read."""

    whole: tuple[str, ...]  # with all there is below
    listed: tuple[str, ...]  # names only; what may be read below is in `whole`


def granted(needs: Needs) -> Reach:
    """Return what a box with `needs` may read of this machine: what runs, and nothing else.

    Raises:
        InfraError: another user than ours cannot get there, or a package is not installed.
    """
    system = [*layout.system()[0], *layout.python().binds]
    binds = [*system, *layout.packages(needs.packages), *layout.labkit()]
    binds += compilers.binds(needs.compilers)
    layout.check_readable(binds)
    for source, _ in binds:
        _check_reachable(source)
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    installed = [stdlib / "site-packages", stdlib / "dist-packages"]
    hidden = {*layout.private_folders(), *filter(Path.is_dir, installed)}
    hidden |= {Path(folder) for folder in compilers.hidden(needs.compilers)}
    parts = [part for source, _ in binds for part in _without(source.resolve(), hidden)]
    whole = dict.fromkeys(str(path) for path, complete in parts if complete)
    return Reach(tuple(whole), tuple(str(path) for path, complete in parts if not complete))


def _without(path: Path, hidden: set[Path]) -> Iterator[tuple[Path, bool]]:
    """The parts of `path` that leave out `hidden`; False: a folder itself, without its content."""
    if not any(path in folder.parents for folder in hidden):
        yield path, True
        return
    yield path, False
    for inner in path.iterdir():
        if inner not in hidden and not inner.is_symlink():
            yield from _without(inner, hidden)


def _check_reachable(path: Path) -> None:
    for folder in path.resolve().parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise InfraError(
                f"{path} lies in {folder}, which other users cannot pass: the box's user needs it. "
                f"Install it elsewhere, or: chmod o+x {folder}"
            )


def check_private() -> None:
    """Make sure that file modes alone keep the box's user from what is the judge's.

    Raises:
        InfraError: they do not.
    """
    for path in _of_the_judge():
        if _open_to_all(path):
            raise InfraError(
                f"this kernel has no Landlock, and every user can read {path}: "
                f"chmod -R go-rwx {path}"
            )


def _of_the_judge() -> Iterator[Path]:
    yield from layout.private_folders()
    if secret := os.environ.get(_SECRET):
        yield Path(secret).resolve()
    here = Path.cwd()
    yield from (folder for folder in (here, *here.parents) if (folder / _COURSE).is_file())


def _open_to_all(path: Path) -> bool:
    if not path.exists():
        return False
    return _passable(path) and bool(path.stat().st_mode & stat.S_IRWXO)


def _passable(path: Path) -> bool:
    """Whether everybody can get as far as `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


@cache
def everybodys_folders() -> tuple[str, ...]:
    """The folders that every user may write into, as far as they are found."""
    found, queue = [], _tops()
    for folder in islice(queue, _MOST_FOLDERS):  # the queue grows meanwhile
        with suppress(OSError):  # it has gone
            status = os.stat(folder)  # noqa: PTH116
            if status.st_mode & stat.S_IWOTH:
                found.append(folder)
            queue.extend(_inner(folder, status.st_dev))
    return tuple(dict.fromkeys(found))


def _tops() -> list[str]:
    """The folder of each file system that holds files; the root's is the first."""
    points = (line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines())
    real = [point for point in points if not point.startswith(_UNREAL) and Path(point).is_dir()]
    return list(dict.fromkeys(["/", *real]))


def _inner(folder: str, device: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [
            entry.path
            for entry in entries
            if entry.is_dir(follow_symlinks=False)
            and entry.stat(follow_symlinks=False).st_dev == device
        ]

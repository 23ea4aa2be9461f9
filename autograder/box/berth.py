"""A place on this machine for one box: a number that no other box has, and a private folder.

The number is the smallest that is free among all graders of this user on this machine; the lock on
its folder is held while the box is open, so that what a killed grader left is known and removed.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.errors import InfraError

_MOST = 4096  # boxes at once


class Berth(NamedTuple):
    """Where a box is moored."""

    number: int  # unique among the open boxes of this user on this machine
    folder: Path  # private, empty at first, removed at the end


@contextmanager
def berth(*, passable: bool = False) -> Iterator[Berth]:
    """Hold a berth.

    Args:
        passable: other users may pass on the way to its folder, which is private all the same.

    Raises:
        InfraError: there is no room for it, or its parent folder is not ours alone.
    """
    try:
        root = _passable_root() if passable else _root()
        with _locked(root):
            _remove_stale(root)
            number, lock = _take(root)
    except OSError as error:
        raise InfraError(f"no place for a box's files: {error}") from error
    try:
        yield Berth(number, root / str(number))
    finally:
        with _locked(root):
            _remove(root / str(number))
            os.close(lock)


def remove_stale() -> None:
    """Remove the folders of this user's graders that were killed; `berth` does so, too.

    Raises:
        InfraError: their parent folder is not ours alone, or cannot be read.
    """
    try:
        root = _root()
        with _locked(root):
            _remove_stale(root)
    except OSError as error:
        raise InfraError(f"what killed graders left cannot be removed: {error}") from error


def write_files(folder: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    """Write `files` below `folder`, which is created; readable by all, should all get there.

    Raises:
        InfraError: a name leads out of the folder, or there is no room.
    """
    try:
        make_folder(folder)
        for name, content in files.items():
            _check_name(name)
            for parent in reversed(PurePosixPath(name).parents):
                make_folder(folder / parent)
            path = folder / name
            path.write_bytes(content)
            path.chmod(0o644)
    except (OSError, ValueError) as error:
        raise InfraError(f"the handed-in files cannot be placed: {error}") from error


def _check_name(name: PurePosixPath) -> None:
    if not name.parts or name.is_absolute() or ".." in name.parts or "\0" in str(name):
        raise InfraError(f"not a name inside a submission: {str(name)!r}")


def make_folder(path: Path) -> None:
    """Make a folder, unless it is there, that all may enter and list, whatever the umask."""
    path.mkdir(exist_ok=True)
    path.chmod(0o755)


def _root() -> Path:
    """The folder of all berths of this user, created if need be."""
    if os.geteuid() == 0 and os.access("/run", os.W_OK):
        root = Path("/run/autograder")
    else:
        base = os.environ.get("XDG_RUNTIME_DIR", "")  # may still be that of another user
        base = base if os.access(base, os.W_OK) else tempfile.gettempdir()
        root = Path(base, f"autograder-{os.geteuid()}")
    return _ours(root, 0o700)


def _passable_root() -> Path:
    base = "/run" if os.access("/run", os.W_OK) else tempfile.gettempdir()
    root = _ours(Path(base, f"autograder-passable-{os.geteuid()}"), 0o711)
    root.chmod(0o711)  # whatever the umask
    return root


def _ours(root: Path, mode: int) -> Path:
    root.mkdir(mode=mode, exist_ok=True)
    status = root.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o777 & ~mode
    if not private or status.st_uid != os.geteuid():
        raise InfraError(f"{root} is not a private folder of this user: remove it")
    return root


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove_stale(root: Path) -> None:
    for folder in root.iterdir():
        if (lock := _try_lock(folder)) is not None:
            _remove(folder)
            os.close(lock)


def _remove(folder: Path) -> None:
    with suppress(
        RecursionError
    ):  # what cannot be removed keeps its number, and nobody else gets it
        shutil.rmtree(folder, ignore_errors=True)


def _take(root: Path) -> tuple[int, int]:
    """Create the folder of the smallest free number; return that and the lock that holds it."""
    for number in range(_MOST):
        folder = root / str(number)
        if folder.exists():
            continue
        folder.mkdir(mode=0o700)
        lock = _try_lock(folder)
        if lock is not None:
            return number, lock
    raise InfraError(f"{_MOST} boxes are open on this machine already")


def _try_lock(folder: Path) -> int | None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle

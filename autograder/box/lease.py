"""Real devices are lent to one judging at a time, among all graders of this machine.

A device is looked at before and after. One that is not well afterwards is marked, and not lent
again before somebody has removed the mark.
"""

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.box.health import Tool, Unit, tool
from autograder.errors import InfraError

_PAUSE = 0.2  # seconds between two looks for a free device
_SETTLES = 5.0  # seconds in which a driver gives back what an ended process had


@contextmanager
def lease(kind: str, patience: float = 600.0) -> Iterator[Unit]:
    """Hold a device of `kind` (gpu or npu) that is well.

    Args:
        kind: as above.
        patience: seconds to wait while others hold all devices.

    Raises:
        InfraError: there is none, none is well, none gets free; or, at the end, it is not well
            any more. The message says what to do.
    """
    known = tool(kind)
    unit, lock = _find(known, kind, patience)
    try:
        yield unit
    finally:
        try:
            _check_after(known, unit)
        finally:
            os.close(lock)


def _find(known: Tool, kind: str, patience: float) -> tuple[Unit, int]:
    folder = _folder()
    until = time.monotonic() + patience
    while True:
        reasons: list[str] = []
        is_waiting = False
        for unit in known.units():
            if (lock := _try_lock(folder / f"{_name(unit)}.lock")) is None:
                is_waiting = True
                continue
            why = _marked(unit) or known.trouble(unit)
            if why is None:
                return unit, lock
            os.close(lock)
            reasons.append(f"{unit.id}: {why}")
        if not is_waiting:
            raise InfraError(f"no {kind} can be used: {'; '.join(reasons) or 'there is none'}")
        if time.monotonic() > until:
            raise InfraError(f"no {kind} got free within {patience:g} s")
        time.sleep(_PAUSE)


def _check_after(known: Tool, unit: Unit) -> None:
    until = time.monotonic() + _SETTLES
    while (why := known.trouble(unit)) is not None:
        if time.monotonic() > until:
            mark = _mark(unit)
            _write_mark(mark, why)
            raise InfraError(
                f"{unit.kind} {unit.id} is not well after a judging: {why}. It is not lent again: "
                f"put it right, then remove {mark}"
            )
        time.sleep(_PAUSE)


def _write_mark(mark: Path, why: str) -> None:
    # Everybody may write into the folder of leases: follow nobody's link there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with suppress(OSError), os.fdopen(os.open(mark, flags, 0o644), "w") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(why)


def _marked(unit: Unit) -> str | None:
    """Return why this device is not lent any more, or None."""
    mark = _mark(unit)
    try:
        return f"{mark.read_text()} (found after a judging; put it right, then remove {mark})"
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{mark} cannot be read: {error}"


def _mark(unit: Unit) -> Path:
    return _folder() / f"{_name(unit)}.unwell"


def _name(unit: Unit) -> str:
    return f"{unit.kind}-{unit.id}".replace("/", "_")


def _folder() -> Path:
    """The folder of all leases of this machine, whoever grades."""
    shared = Path("/run/lock")
    folder = (shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())) / "autograder"
    try:
        folder.mkdir()
        folder.chmod(0o1777)
    except FileExistsError:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise InfraError(f"{folder} is no folder: remove it") from None
    except OSError as error:
        raise InfraError(f"no place for the leases of devices: {error}") from error
    return folder


def _try_lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock `path`, or None if another process has it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        # Never opened for writing by others: in a shared folder the kernel may forbid that.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_CREAT, 0o644)
        with suppress(PermissionError):  # somebody else was quicker
            os.fchmod(handle, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle

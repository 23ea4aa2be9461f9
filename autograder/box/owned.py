"""The processes of one user, as /proc lists them. Runs inside the box: imports nothing of ours."""

import os
from contextlib import suppress
from typing import NamedTuple


class Process(NamedTuple):
    """One process."""

    pid: int
    parent: int
    dead: bool  # with all its threads; its parent has still to take note


def processes(uid: int) -> list[Process]:
    """Return the processes whose effective user is `uid`, without the one that asks."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit() and int(name) != os.getpid():
            with suppress(OSError):  # it has ended meanwhile
                if os.stat(f"/proc/{name}").st_uid == uid:  # noqa: PTH116
                    found.append(_process(int(name)))
    return found


def _process(pid: int) -> Process:
    with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
        fields = file.read().rpartition(b")")[2].split()
    # A leader that has ended is a zombie as long as one of its threads lives.
    return Process(pid, int(fields[1]), fields[0] in b"ZX" and int(fields[17]) <= 1)

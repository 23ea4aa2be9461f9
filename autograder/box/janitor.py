"""Removes the containers of a process that can do so no more: killed, or cut off from the engine.

``python -m autograder.box.janitor OWNER`` waits for its standard input to close, as it does when
the grader that started it ends in any way, and then removes what carries OWNER's mark, and the
folders of boxes. `sweep` does the same for owners that are gone together with their janitor.
"""

import os
import sys
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.box.berth import remove_stale
from autograder.box.engine import asked, connect, removed
from autograder.box.hardening import OWNER
from autograder.errors import InfraError

if TYPE_CHECKING:
    from docker import APIClient

_TRIES = 120  # a second each, while the engine is away
_CALM_ROUNDS = 2  # without a find: an order to create one may still be on its way


def hire() -> str:
    """Return the mark of this process's containers; a janitor looks after them from now on."""
    return _hire(os.getpid())


@cache
def _hire(pid: int) -> str:
    owner = f"{_machine()}.{pid}.{_started(pid)}"
    theirs, ours = os.pipe()  # ours stays open as long as we live, and no child of ours has it
    nothing = os.devnull
    janitor = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", __name__, owner],
        {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, theirs, 0),
            (os.POSIX_SPAWN_OPEN, 1, nothing, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, nothing, os.O_WRONLY, 0),
        ],
        setsid=True,  # Ctrl-C is for the grader
    )
    os.close(theirs)
    _hired[janitor] = ours
    return owner


_hired: dict[int, int] = {}  # process numbers of janitors -> our ends of their standard inputs


def left_behind() -> list[str]:
    """Return the names of this process's containers that are still there."""
    with closing(connect()) as client:
        return [container["Names"][0] for container in _found(client, f"{OWNER}={hire()}")]


def sweep(client: "APIClient") -> None:
    """Remove containers whose owner was a process of this machine and has ended.

    Raises:
        InfraError: the engine does not answer.
    """
    for container in _found(client, OWNER):
        if _is_gone(container["Labels"][OWNER]):
            removed(client, container["Id"])


def _main(owner: str) -> None:
    sys.stdin.buffer.read()
    calm = 0
    for _ in range(_TRIES):
        try:
            with closing(connect()) as client:
                found = _remove_all(client, owner)
        except InfraError:
            found = 1
        with suppress(InfraError):  # in each round: the dead grader's locks may go after its pipe
            remove_stale()
        calm = 0 if found else calm + 1
        if calm >= _CALM_ROUNDS:
            return
        time.sleep(0.5 if not found else 1.0)


def _remove_all(client: "APIClient", owner: str) -> int:
    mine = _found(client, f"{OWNER}={owner}")
    for container in mine:
        removed(client, container["Id"])
    return len(mine)


def _found(client: "APIClient", label: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(
        "the boxes' containers", lambda: client.containers(all=True, filters={"label": label})
    )
    return found


def _is_gone(owner: str) -> bool:
    """Whether `owner` was a process of this machine, and of this user, and has ended."""
    machine, _, rest = owner.partition(".")
    pid, _, started = rest.partition(".")
    return machine == _machine() and pid.isdigit() and _started(int(pid)) != started


def _machine() -> str:
    """Names what process numbers hold for: this boot, this namespace of processes, this user."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    known = boot.read_text().replace("-", "").strip() if boot.exists() else os.uname().nodename
    space = Path("/proc/self/ns/pid")
    namespace = space.stat().st_ino if space.exists() else 0
    return f"{known}-{namespace}-{os.geteuid()}"  # processes of others may be hidden from us


def _started(pid: int) -> str:
    """When the process `pid` started, so that a number used again is another; "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


if __name__ == "__main__":
    _main(sys.argv[1])

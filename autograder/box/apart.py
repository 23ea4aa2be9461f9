"""A wall made of users: the steps that the sandbox `user` takes in place of namespaces.

The driver stays as it was started, and keeps three capabilities; each child becomes the box's own
user, and Landlock keeps it to the box's files. Runs inside the box: imports only its neighbours.
"""

import os
from collections.abc import Mapping
from typing import Any

from autograder.box import landlock, lockdown
from autograder.box.sweeper import Ground, Sweeper

KEPT = 1 << 5 | 1 << 6 | 1 << 7  # CAP_KILL, CAP_SETGID, CAP_SETUID: all that the driver needs

_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38
_DEVICES = {"/dev/null": landlock.WRITE} | dict.fromkeys(
    (f"/dev/{name}" for name in ("zero", "full", "random", "urandom")), landlock.READ
)
_MACHINE = ("/proc/cpuinfo", "/proc/meminfo")  # what a child may read of /proc beside its own
_LOOK_EVERY = 16  # samples between two looks at all files, though the disk is no fuller

_running: list[Sweeper] = []  # of this driver: one, from `begin` on


def begin(users: Mapping[str, Any]) -> None:
    """Adopt whatever a child leaves behind, and start the sweeper; before anything is given up."""
    lockdown.call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _running.append(Sweeper(_ground(users), become_sweeper))


def fence(users: Mapping[str, Any]) -> None:
    """Keep the driver, and with it every child, to the box's files."""
    if not users["landlock"]:
        return
    readable = ((path, landlock.RUN) for path in users["readable"])
    listed = ((path, landlock.LIST) for path in users["listed"])
    own = (users["scratch"], landlock.OWN)
    landlock.restrict([*readable, *listed, *_DEVICES.items(), ("/proc", landlock.WRITE), own])
    _check("/")


def fence_child(users: Mapping[str, Any]) -> None:
    """Keep a child from other processes' folders in /proc: they tell how those were started."""
    if not users["landlock"]:
        return
    paths = (*users["readable"], *users["listed"], users["scratch"])
    everything = [(top, landlock.OWN) for top in {f"/{path.split('/')[1]}" for path in paths}]
    mine = (f"/proc/{os.getpid()}", landlock.READ)  # its oom_score_adj stays what it is
    machine = [(path, landlock.READ) for path in _MACHINE]
    landlock.restrict([*everything, *_DEVICES.items(), mine, *machine])
    _check("/proc")


def _check(folder: str) -> None:
    """Look at the result rather than at the steps: `folder` cannot be listed any more."""
    try:
        os.listdir(folder)  # noqa: PTH208
    except PermissionError:
        return
    raise lockdown.LockdownError(f"the wall has a hole: {folder} can be read")


def become_sweeper(ground: Ground) -> None:
    """Be the sweeper: its own user the real one, the box's the effective one, no capabilities."""
    os.setsid()
    lockdown.drop_bounding_set()
    lockdown.become(ground.uid, real=ground.sweeper)
    lockdown.drop_capabilities()
    lockdown.call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    lockdown.call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def sweep(wall: Mapping[str, Any]) -> None:
    """As `lockdown.sweep`.

    Raises:
        SweeperError: something cannot be ended or removed.
    """
    if wall["sweep"]:
        sweeper().end_all()
    if wall["wipe"]:
        sweeper().wipe()


def sweeper() -> Sweeper:
    """The sweeper of this driver, once there is one."""
    return _running[0]


class DiskWatch:
    """Tells, now and then while a call runs, whether the box's user fills the disk.

    The scratch folder is a part of the machine's disk, which others fill too: what is free says
    when to look, and a look at all files of the user says whether it is this box's doing.
    """

    def __init__(self, wall: Mapping[str, Any]) -> None:
        """Begin; what the disk holds now is nobody's."""
        self._scratch = wall["users"]["scratch"]
        self._caps = wall["scratch_bytes"], wall["scratch_inodes"]
        self._free = self._left()
        self._samples = 0

    def __call__(self) -> bool:
        """Whether the files of the box's user have passed a cap."""
        self._samples += 1
        gone = (before - now for before, now in zip(self._free, self._left(), strict=True))
        fuller = any(more > cap // 2 for more, cap in zip(gone, self._caps, strict=True))
        if not fuller and self._samples % _LOOK_EVERY:
            return False
        return any(has > cap for has, cap in zip(sweeper().disk(), self._caps, strict=True))

    def _left(self) -> tuple[int, int]:
        status = os.statvfs(self._scratch)
        return status.f_bfree * status.f_frsize, status.f_ffree


def _ground(users: Mapping[str, Any]) -> Ground:
    return Ground(users["uid"], users["sweeper"], users["scratch"], users["folders"])

"""The protections of a namespace box, each a switch, so that a test can show what one is for."""

import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Wall:
    """All protections are on. Only tests leave one out, to see the attack succeed that it stops."""

    pid_namespace: bool = True  # off: the host's processes and /proc; a daemon outlives its call
    as_pid_1: bool = (
        True  # off: bubblewrap is process 1, with its environment; the driver can be killed
    )
    network: bool = True  # off: the host's network and abstract sockets
    ipc: bool = True  # off: the host's System V and POSIX queues (with `seccomp` off)
    mount: bool = True  # off: / and /dev can be written (not what is bound from the host, ever)
    clean_env: bool = True  # off: bubblewrap and the driver get the grader's environment
    only_needed: bool = True  # off: all installed packages are at /box/site
    drop_caps: bool = (
        True  # off: keeps what bubblewrap left (as root with `unique_uid` off, or as a user)
    )
    unique_uid: bool = True  # off: as root, the driver stays uid 0; as a user, no difference
    no_new_privs: bool = True  # off: bubblewrap sets it all the same; no difference alone
    disable_userns: bool = True  # off: as a user, nested user namespaces (with `seccomp` off)
    dumpable: bool = True  # off: a child can trace and read the driver
    seccomp: bool = True  # off: every system call
    rlimits: bool = True  # off: no limit on processes, address space, files, CPU of one process
    memory_watch: bool = True  # off: the memory of several processes together is not watched
    cpu_watch: bool = True  # off: the CPU time of several processes together is not watched
    wall_clock: bool = True  # off: a call may sleep for ever
    tmpfs_limits: bool = (
        True  # off: /tmp and /dev/shm take half the machine's memory, any number of inodes
    )
    sweep: bool = True  # off: what a call started lives on
    wipe: bool = True  # off: what a call wrote stays
    also_visible: tuple[
        str, ...
    ] = ()  # host folders shown read-only at their own path; none in earnest
    processes: int = 64  # and threads, of one box
    scratch_bytes: int = 256 << 20  # of /tmp, and again of /dev/shm
    scratch_inodes: int = 16384  # of each

    def inside(self, uid: int | None) -> dict[str, Any]:
        """The part that goes to the driver; `uid` is the user to become, None to stay."""
        kept = asdict(self)
        kept["also_visible"] = list(self.also_visible)
        kept["groups"], kept["mounted"] = [], False
        kept["processes"] += _tasks_counted_too() if uid is None else 0
        return {**kept, "uid": uid if self.unique_uid else None}


def _tasks_counted_too() -> int:
    """How many tasks of this user outside the box count against its limit of processes.

    None since Linux 5.14, which counts per user namespace; before, all there are.
    """
    if _kernel() >= (5, 14):
        return 0
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                found += sum(1 for _ in (folder / "task").iterdir())
    return found


def _kernel() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", os.uname().release)[:2]))

"""What makes a process of ours safe to run student code in: the driver's wall, the child's limits.

Runs inside the box: imports nothing of ours but its neighbours. With ``wall=None`` (the sandbox
`none`) every step that the platform lacks is left out.
"""

import ctypes
import importlib
import os
import platform
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.box import rlimits, seccomp, wipe

Wall = Mapping[str, Any]

SCRATCH = ("/tmp", "/dev/shm")  # all that can be written in a box

_CLONE_NEWNS = 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_PRIVATE, _MS_REC = 2, 4, 1 << 18, 1 << 14
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 4, 24, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_MOST_CAPABILITIES = 64

_libc = ctypes.CDLL(None, use_errno=True)


class LockdownError(Exception):
    """The wall is not as it must be: nothing of a student's may run behind it."""


def enter(wall: Wall) -> None:
    """Wall in this process, before it imports anything heavy or reads a byte of a student's.

    Args:
        wall: the fields of `wall.Wall`, ``uid`` (int, or None to keep the user), ``groups`` (the
            further groups of that user), ``mounted`` (the scratch folders are there already).
            With ``users`` (see `user`), a wall made of users instead of namespaces. Empty: no wall.

    Raises:
        LockdownError: a step failed, or its effect cannot be seen; end the process.
    """
    if not wall:
        return
    if wall["pid_namespace"] and wall["as_pid_1"] and os.getpid() != 1:
        raise LockdownError("the driver is not process 1 of its box")
    try:
        _expect_one_thread()
        _forget_signals()
        apart = beside(wall)
        if apart:
            apart.begin(wall["users"])
        elif not wall["mounted"]:
            _mount_scratch(wall)
        _drop_privileges(wall)
        _seal(wall)
        if apart:
            apart.fence(wall["users"])
    except OSError as error:
        raise LockdownError(f"the wall cannot be completed: {error}") from error
    _check(wall)


def confine(limits: Mapping[str, Any], wall: Wall | None, *, dumpable: bool) -> None:
    """Limit this forked child, just before it meets the student's code.

    Args:
        limits: ``memory_mb`` above what the child holds now, ``cpu_seconds``; None: no limit.
        wall: as for `enter`; None or empty without one.
        dumpable: whether processes of the same user may look into this one. A child that lives
            for one call may be looked into by its own children only, and then needs its own
            ``/proc/self``; one that outlives a call stays closed.
    """
    os.setsid()
    _set_dumpable(True)
    _offer_to_oom_killer()
    if wall and "users" in wall:
        wall = _become_student(wall)
    elif wall and wall["dumpable"]:
        _set_dumpable(dumpable)
    if wall and wall["seccomp"]:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # the last word on this signal
        seccomp.install(seccomp.assemble_for_child(platform.machine()))
    if not wall or wall["rlimits"]:
        rlimits.limit(limits, wall or {})


def sweep(wall: Wall | None, child_pid: int) -> None:
    """End and reap everything a call left behind, and empty `SCRATCH`. The driver calls it.

    Raises:
        LockdownError: something cannot be removed: this box must not serve another call.
    """
    if not wall:
        _end_session(child_pid)
        return
    if apart := beside(wall):
        apart.sweep(wall)
        return
    if wall["sweep"]:
        _end_all() if wall["pid_namespace"] else _end_session(child_pid)
    if wall["wipe"]:
        try:
            for folder in SCRATCH:
                wipe.empty(folder)
        except OSError as error:
            raise LockdownError(f"a call left behind what cannot be removed: {error}") from error


def beside(wall: Wall | None) -> Any:
    """The module `apart`, where `wall` is one of users; else None, and a box need not hold it."""
    return importlib.import_module("autograder.box.apart") if wall and "users" in wall else None


def _become_student(wall: Wall) -> Wall:
    """Be the box's own user; return the wall of a child."""
    mine = {**wall, "uid": wall["users"]["uid"], "keeps": 0}
    _drop_privileges(mine)
    beside(wall).fence_child(wall["users"])
    _set_dumpable(True)  # whoever can look into it is of this call; and the sweeper must
    _check(mine)
    return mine


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library that returns -1 and sets errno on failure."""
    result = int(getattr(_libc, name)(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def _expect_one_thread() -> None:
    # Capabilities and filters are each thread's own: another one would keep what this one gives up.
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        raise LockdownError("what was imported ahead of the wall has started a thread")


def _forget_signals() -> None:
    # Process 1 is deaf to a signal of its children unless it has a handler for it (Python: SIGINT).
    # The two that Python ignores stay so: they become an OSError in the student's code.
    kept = {signal.SIGKILL, signal.SIGSTOP, signal.SIGPIPE, signal.SIGXFSZ}
    for number in signal.valid_signals() - kept:
        signal.signal(number, signal.SIG_DFL)


def _mount_scratch(wall: Wall) -> None:
    # bubblewrap cannot limit inodes, and its mounts are locked: cover them in a namespace of ours.
    call("unshare", _CLONE_NEWNS)
    call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    options = "mode=1777"
    if wall["tmpfs_limits"]:
        options += f",size={wall['scratch_bytes']},nr_inodes={wall['scratch_inodes']}"
    for folder in SCRATCH:
        where = folder.encode()
        call("mount", b"tmpfs", where, b"tmpfs", _MS_NOSUID | _MS_NODEV, options.encode())
    os.chdir("/")


def _drop_privileges(wall: Wall) -> None:
    if wall["drop_caps"]:
        drop_bounding_set()
    if wall["uid"] is not None:
        become(wall["uid"], groups=wall["groups"])
    if wall["drop_caps"]:
        drop_capabilities(wall.get("keeps", 0))


def drop_bounding_set() -> None:
    """Never get a capability again that this process has not now."""
    for capability in range(_MOST_CAPABILITIES):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # the kernel knows no more, or they are gone already


def become(uid: int, real: int | None = None, groups: Sequence[int] = ()) -> None:
    """Be the user `uid`, and the group of the same number; `real`: only effectively so."""
    os.setgroups(groups)
    os.setresgid(uid, uid, uid)
    own = uid if real is None else real
    os.setresuid(own, uid, own)


def drop_capabilities(keep: int = 0) -> None:
    """Give up every capability whose bit is not in `keep`."""
    call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)(keep, keep))  # effective, permitted


def _seal(wall: Wall) -> None:
    if wall["no_new_privs"]:
        call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _set_dumpable(not wall["dumpable"])
    if wall["seccomp"]:
        seccomp.install(seccomp.assemble(platform.machine(), sockets="users" not in wall))


def _check(wall: Wall) -> None:
    """Look at the result rather than at the steps."""
    status = dict(
        line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines()
    )
    wrong = []
    if wall["drop_caps"]:
        kept = dict.fromkeys(("CapEff", "CapPrm"), wall.get("keeps", 0))
        caps = [key for key in status if key.startswith("Cap")]
        wrong += [key for key in caps if int(status[key], 16) != kept.get(key, 0)]
    if wall["no_new_privs"] and status["NoNewPrivs"] != "1":
        wrong.append("NoNewPrivs")
    if wall["seccomp"] and status["Seccomp"] != "2":
        wrong.append("Seccomp")
    if wall["uid"] is not None:
        wrong += [key for key in ("Uid", "Gid") if set(status[key].split()) != {str(wall["uid"])}]
    if wall["tmpfs_limits"] and not beside(wall):
        wrong += [folder for folder in SCRATCH if not _is_bounded(folder, wall)]
    if wrong:
        raise LockdownError(f"the wall has a hole: {', '.join(wrong)}")


def _is_bounded(folder: str, wall: Wall) -> bool:
    there = os.statvfs(folder)
    most_bytes, most_inodes = int(wall["scratch_bytes"]), int(wall["scratch_inodes"])
    return there.f_blocks * there.f_frsize <= most_bytes and 0 < there.f_files <= most_inodes


def _set_dumpable(dumpable: bool) -> None:
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)


def _offer_to_oom_killer() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return  # not Linux, or not allowed: then the kernel chooses by size alone


def _end_all() -> None:
    """Kill and reap every other process of this pid namespace."""
    while True:
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _end_session(child_pid: int) -> None:
    """Kill what is left of the child's process group, and reap the child if nobody has."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child_pid, signal.SIGKILL)
    try:
        os.waitpid(child_pid, 0)
    except ChildProcessError:
        return

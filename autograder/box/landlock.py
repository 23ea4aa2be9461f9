"""Landlock: the kernel keeps this process, and all it forks, to the files that are granted.

Numbers and rights are those of the kernel's documentation (userspace-api/landlock). What an older
kernel does not know is left out; a kernel without Landlock grants everything. Restrictions add up:
each further one can only take away. Runs inside the box: imports nothing of ours.
"""

import ctypes
import os
import stat
import sys
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every processor
_ASK_VERSION, _BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_DEVICE_NODES = 1 << 6 | 1 << 11

LIST = _READ_DIR
READ = _READ_FILE | _READ_DIR
RUN = READ | _EXECUTE
WRITE = READ | _WRITE_FILE | _TRUNCATE  # what is there; nothing can be made or removed
OWN = (1 << 15) - 1 & ~_DEVICE_NODES  # all but device nodes, and commands to devices

_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights on files each version knows
_MOST_FS_BITS = 16  # from version 5 on
_TCP = 1 << 0 | 1 << 1  # bind, connect; from version 4 on
_SCOPE = 1 << 0 | 1 << 1  # abstract sockets, signals; from version 6 on

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel speaks; 0: none."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def restrict(grants: Iterable[tuple[str, int]]) -> None:
    """Take every right from this process but `grants`: paths, and what may be done at and below.

    From version 4 on no TCP; from version 6 on no signal to, and no abstract socket of, a process
    outside. Paths that do not exist are left out. Needs no_new_privs.

    Raises:
        OSError: the kernel refuses.
    """
    handled = (1 << _FS_BITS.get(version(), _MOST_FS_BITS)) - 1
    asked = _Ruleset(handled, _TCP, _SCOPE)
    size = 8 if version() < 4 else 16 if version() < 6 else 24
    rules = _call(_CREATE, ctypes.byref(asked), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path, rights in grants:
            _add(rules, path, rights & handled)
        _call(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)


def _add(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        beneath = _Beneath(rights, place)
        _call(
            _ADD,
            ctypes.c_int(rules),
            ctypes.c_int(_BENEATH),
            ctypes.byref(beneath),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return result

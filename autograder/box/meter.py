"""What a call uses, seen from the driver: CPU seconds and memory of its whole process tree.

Runs inside the box: imports nothing of ours. Where /proc cannot be read (macOS), samples are zeros
and only what `wait4` and `getrusage` say is counted.
"""

import os
import resource
import sys
from pathlib import Path
from typing import NamedTuple, Protocol

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
# Fields of /proc/N/stat after the name.
_OWN_TIME, _TREE_TIME = (
    slice(11, 13),
    slice(11, 15),
)  # in ticks; the tree's: with its reaped children
_STARTED, _RESIDENT = 19, 21
_UNIX_SOCKET = 212992  # bytes that a Unix socket may hold by default, and `seccomp` keeps it so
_NONE_IN_USE = [b"inuse", b"0"]
_CHUNK = 1 << 16
_FREE_SOCKETS = 8  # a call's own pipes to us, and what an honest program has open


class Usage(NamedTuple):
    """What processes used."""

    cpu_seconds: float  # user + system
    resident_bytes: int  # above what the child held at the fork


class Census(Protocol):
    """Knows the processes of a box whose user is not the driver's."""

    def pids(self) -> list[int]:
        """The living ones."""

    def memory(self, pids: list[int]) -> int:
        """Bytes of `pids`, each shared page divided among its users."""


class Meter:
    """Measures one call: `start` right after the fork, `sample` now and then, `finish` at the end.

    Args:
        whole_namespace: count every process of this pid namespace except this one; else the child
            and its descendants.
        memory_bytes: from this sum of resident sizes on, pages shared by several processes are
            counted once, which costs more.
        census: lists the processes to count, and says what they hold together, in place of that.
    """

    def __init__(
        self, whole_namespace: bool, memory_bytes: int = 0, census: Census | None = None
    ) -> None:
        """Nothing is measured yet."""
        self._census = census
        self._whole = whole_namespace
        self._memory = memory_bytes
        self._child = 0
        self._baseline = 0
        self._reaped = 0.0
        self._peak = 0
        self._living = 0.0
        self._seen: dict[tuple[int, str], float] = {}

    def start(self, child_pid: int) -> None:
        """Begin a call of the child just forked."""
        its = _stat(child_pid)  # first of all: it is on its way already, and grows
        self._child = child_pid
        self._seen = {}
        self._living = 0.0
        self._peak = 0
        self._reaped = _reaped_seconds()
        # A fork does not copy the pages of files, so the child starts below its parent.
        sizes = [_resident(fields) for fields in (its, _stat(os.getpid())) if fields]
        self._baseline = min(filter(None, sizes), default=0)  # 0: it has ended already

    def sample(self) -> Usage:
        """What the call has used of CPU so far, and of memory right now."""
        pids = self._pids()
        processes = {pid: fields for pid in pids if (fields := _stat(pid))}
        for pid, fields in processes.items():
            self._seen[pid, fields[_STARTED]] = _seconds(fields[_OWN_TIME])
        self._living = sum(_seconds(fields[_TREE_TIME]) for fields in processes.values())
        resident = max(0, sum(map(_resident, processes.values())) - self._baseline)
        if resident > self._memory and len(pids) > 1:
            resident = min(resident, (self._census.memory if self._census else _proportional)(pids))
        if self._whole:
            resident += _in_sockets()
        self._peak = max(self._peak, resident)
        return Usage(self._cpu(), resident)

    def finish(self, child_maxrss: int = 0) -> Usage:
        """What the call used in all; everything it started has been reaped.

        Args:
            child_maxrss: `ru_maxrss` of the child from wait4, in the platform's unit.
        """
        self._living = 0.0
        own_peak = child_maxrss * _MAXRSS_UNIT - self._baseline
        return Usage(self._cpu(), max(self._peak, own_peak, 0))

    def _cpu(self) -> float:
        # Neither sum has it all: the first misses what died without a parent that waited for it,
        # the second what lived between two samples. Neither is more than the truth.
        counted = _reaped_seconds() - self._reaped + self._living
        return max(counted, sum(self._seen.values()))

    def _pids(self) -> list[int]:
        if self._census:
            return self._census.pids()
        if not self._whole:
            return _tree(self._child)
        try:
            names = os.listdir("/proc")  # noqa: PTH208
        except OSError:
            return []
        return [int(name) for name in names if name.isdigit() and int(name) != os.getpid()]


def _reaped_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _stat(pid: int) -> list[str] | None:
    try:
        return _content(f"/proc/{pid}/stat").rpartition(b")")[2].decode().split()
    except OSError:
        return None


def _content(path: str) -> bytes:
    """What the kernel says in a file: read bare, since it is read thousands of times."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(file, _CHUNK), b""))
    finally:
        os.close(file)


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / _TICKS


def _resident(fields: list[str]) -> int:
    return int(fields[_RESIDENT]) * _PAGE


def _in_sockets() -> int:
    """Bytes the kernel may hold for the sockets of this network namespace."""
    unix = len(_rows("unix")[1:]) - _FREE_SOCKETS
    queued = sum(map(_queued, _in_use()))
    return max(0, unix) * _UNIX_SOCKET + queued


def _in_use() -> list[str]:
    """Those of tcp, tcp6, udp and udp6 that have a socket here."""
    # To list even no connections takes milliseconds: the kernel's table is that of the whole host.
    rows = [row.split() for name in ("sockstat", "sockstat6") for row in _rows(name)]
    protocols = {row[0].rstrip(b":").decode().lower() for row in rows if row[1:3] != _NONE_IN_USE}
    return sorted(protocols & {"tcp", "tcp6", "udp", "udp6"})


def _queued(protocol: str) -> int:
    """Bytes that were sent by `protocol` and that nobody has taken."""
    queues = (row.split()[4].split(b":") for row in _rows(protocol)[1:])
    return sum(int(sent, 16) + int(received, 16) for sent, received in queues)


def _rows(name: str) -> list[bytes]:
    try:
        return _content(f"/proc/net/{name}").splitlines()
    except OSError:
        return []


def _tree(root: int) -> list[int]:
    """`root` and its living descendants, as far as the kernel lists them."""
    found = [root]
    for pid in found:
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        found.extend(int(child) for child in children)
    return found


def _proportional(pids: list[int]) -> int:
    """The sum of sizes with each shared page divided among its users; resident where unreadable."""
    return sum(_proportional_size(pid) for pid in pids)


def _proportional_size(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        fields = _stat(pid)
        return _resident(fields) if fields else 0
    sizes = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(sizes[0]) * 1024 if sizes else 0

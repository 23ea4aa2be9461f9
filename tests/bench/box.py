"""What the namespace box costs: to open, per call, and in memory."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.box.base import sandbox
from autograder.model import Limits, Needs
from tests.bench.figure import Figure

PROBES = b"def nothing():\n    return None\n"
FILES = {PurePosixPath("answer.py"): b""}
NEEDS = Needs(("numpy",), PROBES, Limits())
_PAGE = os.sysconf("SC_PAGE_SIZE")


def figures() -> Iterator[Figure]:
    """Yield spawn, call and memory figures."""
    walls = sandbox("namespace")
    yield Figure("box spawn to ready, NumPy", _spawn(walls), 0.15, "s")
    with walls.open(FILES, NEEDS) as box:
        yield Figure("overhead of a call", 1000 * _call(box), 5, "ms")
        yield Figure("judge and one box together", _resident_tree() / 2**20, 1024, "MiB")


def _spawn(walls) -> float:
    """Median seconds from `open` to a box that answers."""
    seconds = []
    for _ in range(9):
        began = time.perf_counter()
        with walls.open(FILES, NEEDS):
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _call(box) -> float:
    """Median seconds of a call that does nothing."""
    seconds = []
    for _ in range(200):
        began = time.perf_counter()
        box.call("nothing", [], {}, Limits())
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _resident_tree() -> int:
    """Resident bytes of this process (it is the judge) and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    total, todo = 0, [os.getpid()]
    while todo:
        pid = todo.pop()
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        todo += children.get(pid, [])
    return total

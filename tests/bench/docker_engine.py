"""What a container costs beside a namespace box, on the same lab, in turn."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.box.base import sandbox
from tests.bench.box import FILES, NEEDS
from tests.bench.figure import Figure
from tests.bench.grading import copies, graded

_ROUNDS = 3
_FEW, _MORE = 2, 8  # submissions; what the second lot costs more is that of further ones


def figures() -> Iterator[Figure]:
    """Yield figures of the sandbox `docker`; nothing where there is no engine or no image."""
    if why := sandbox("docker").available():
        print(f"docker: not measured: {why}")
        return
    yield Figure("docker: from open to a box that answers, cold", _cold(), 2.5, "s")
    yield Figure("docker, warm: added to namespace, per further submission", _added(), 0.3, "s")


def _cold() -> float:
    """Median seconds from `open` to an answer, with nothing kept warm."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        with sandbox("docker").open(FILES, NEEDS) as box:
            box.call("nothing", [], {}, NEEDS.limits)
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _added() -> float:
    """Median over rounds of what a further submission takes more in a container."""
    return statistics.median(
        _further("docker", number) - _further("namespace", number) for number in range(_ROUNDS)
    )


def _further(wall: str, number: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        few, more = (
            graded(home, copies(home / str(count), count, start=100 * number + count), 1, wall)
            for count in (_FEW, _MORE)
        )
        return (more.wall - few.wall) / (_MORE - _FEW)

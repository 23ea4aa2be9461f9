"""What a container costs beside a namespace box, on the same lab, in turn."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from autograder.box.base import sandbox
from autograder.errors import InfraError
from tests.bench.box import FILES, NEEDS
from tests.bench.figure import Figure

_ROUNDS = 5


def figures() -> Iterator[Figure]:
    """Yield figures of the sandbox `docker`; nothing where there is no engine or no fit image."""
    if why := sandbox("docker").available():
        print(f"docker: not measured: {why}")
        return
    try:
        cold = _cold()
    except InfraError as error:  # an image of another version, say: the other figures go on
        print(f"docker: not measured: {error}")
        return
    yield Figure("docker: from open to a box that answers, cold", cold, 2.5, "s")
    wall, beyond = _added()
    yield Figure("docker, warm: added to namespace, per submission", wall, 0.3, "s")
    # The image's interpreter may be another one, and quicker: so without the student's CPU time.
    yield Figure("the same, beyond the student CPU", beyond, 0.3, "s")


def _cold() -> float:
    """Median seconds from `open` to an answer, with nothing kept warm."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        with sandbox("docker").open(FILES, NEEDS) as box:
            box.call("nothing", [], {}, NEEDS.limits)
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _added() -> tuple[float, float]:
    """Medians, over rounds, of what the same submission takes longer in a container.

    In all; and beyond the CPU time of the student's calls.
    """
    with ExitStack() as stack:
        walls = [stack.enter_context(_Worker(wall)) for wall in ("namespace", "docker")]
        pairs = [[wall.judged(number) for wall in walls] for number in range(_ROUNDS + 1)][1:]
    total = statistics.median(docker[0] - namespace[0] for namespace, docker in pairs)
    beyond = statistics.median(
        (docker[0] - docker[1]) - (namespace[0] - namespace[1]) for namespace, docker in pairs
    )
    return total, beyond


class _Worker:
    """A process that judges one submission after the other, and times each."""

    def __init__(self, wall: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.judging", wall],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def judged(self, number: int) -> tuple[float, float]:
        """Judge the submission `number`; return seconds, and seconds of the student's CPU time."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        wall, cpu = map(float, self._process.stdout.readline().split())
        return wall, cpu

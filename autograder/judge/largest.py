"""The largest launch of each kernel that tests made for the student: a real device repeats it."""

import copy
import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from autograder.judge.calls import Calls
from autograder.judge.kernels import LAUNCH, PERFORM
from autograder.judge.scoring import Case
from autograder.judge.trial import Trial, current_trial
from autograder.model import Observation, Outcome, Value


@dataclass(frozen=True)
class Launched:
    """One call that launched a kernel, or all of a task, on the virtual GPU without a hazard."""

    trial: Trial  # of the test that asked for it
    file: str
    kernel: str
    threads: int
    shape: (
        tuple[Value, ...] | None
    )  # grid, block and bytes of shared memory; None: its own host code
    values: Mapping[str, Value]  # before it, by name or position
    left: Mapping[str, Value]  # the arrays after it
    counters: Sequence[Mapping[str, float]]  # of each launch


class LargestLaunches:
    """Passes a student's calls on, and keeps the largest launch of each kernel in each test."""

    def __init__(self, calls: Calls) -> None:
        """Answer through `calls`."""
        self._calls = calls
        self._kept: dict[tuple[int, str, str], Launched] = {}

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Calls.call`."""
        seen = self._calls.call(probe, args, kwargs)
        if probe in (LAUNCH, PERFORM) and seen.outcome is Outcome.PASS and seen.value["ok"]:
            self._keep(probe, args, seen.value)
        return seen

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Calls.map`."""
        return self._calls.map(probe, cases)

    def session(self) -> AbstractContextManager[Any]:
        """As `Calls.session`."""
        return self._calls.session()

    def chosen(self, cases: Mapping[str, Sequence[Case]]) -> list[tuple[str, Launched]]:
        """Return the largest launch of each kernel in a test that earned something, and its name.

        Args:
            cases: by test name, what came of each of its cases.
        """
        tests = {
            id(trial): name
            for name, booked in cases.items()
            for trial, verdict in booked
            if verdict.fraction > 0
        }
        best: dict[tuple[str, str], Launched] = {}
        for one in self._kept.values():
            if id(one.trial) in tests:
                key = one.file, one.kernel
                best[key] = max(best.get(key, one), one, key=lambda launched: launched.threads)
        return [(tests[id(one.trial)], one) for one in best.values()]

    def _keep(self, probe: str, args: Sequence[Value], value: Mapping[str, Any]) -> None:
        file, kernel = map(str, args[:2])
        launches = value.get("launches", [value])
        threads = sum(math.prod(one["grid"]) * math.prod(one["block"]) for one in launches)
        trial = current_trial()
        key = id(trial), file, kernel  # a trial that is kept here keeps its id
        if key not in self._kept or threads > self._kept[key].threads:
            shape, values, left = (_launch if probe == LAUNCH else _perform)(args, value)
            # Copies: the test may write into what it gave and got.
            values, left = copy.deepcopy(values), copy.deepcopy(left)
            counters = [one["counters"] for one in launches]
            self._kept[key] = Launched(trial, file, kernel, threads, shape, values, left, counters)


_Parts = tuple[tuple[Value, ...] | None, dict[str, Value], dict[str, Value]]


def _launch(args: Sequence[Value], value: Mapping[str, Any]) -> _Parts:
    """Take apart a launch of one kernel: see `Kernel.launch`."""
    grid, block, arguments, shared_bytes = args[2:6]
    values = {str(place): argument for place, argument in enumerate(arguments)}
    arrays = [name for name, argument in values.items() if hasattr(argument, "shape")]
    return (grid, block, shared_bytes), values, dict(zip(arrays, value["arrays"], strict=True))


def _perform(args: Sequence[Value], value: Mapping[str, Any]) -> _Parts:
    """Take apart the launches of a task: see `Kernel.perform`."""
    return None, dict(args[2]), dict(value["arrays"])

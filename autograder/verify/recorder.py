"""Keeps what calls answer, while a lab's tests run as they always do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from autograder.judge.calls import Calls
from autograder.model import Observation, Value


class Recorder:
    """Calls that tell `keep` every observation, in order, before the test reads it."""

    def __init__(self, calls: Calls, keep: Callable[[Observation], None]) -> None:
        """Answer through `calls`."""
        self._calls = calls
        self._keep = keep

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Calls.call`."""
        seen = self._calls.call(probe, args, kwargs)
        self._keep(seen)
        return seen

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Calls.map`."""
        seen = self._calls.map(probe, cases)
        for one in seen:
            self._keep(one)
        return seen

    @contextmanager
    def session(self) -> Iterator["Recorder"]:
        """As `Calls.session`."""
        with self._calls.session() as calls:
            yield Recorder(calls, self._keep)

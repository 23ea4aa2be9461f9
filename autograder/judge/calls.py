"""What answers a test's calls."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from autograder.model import Observation, Value


class OneCall(Protocol):
    """Whatever answers single calls."""

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """One call in a process of its own."""


class Calls(OneCall, Protocol):
    """Whatever answers calls with observations: a kept box, a cache, the test's own process."""

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """One process, an observation per case."""

    def session(self) -> AbstractContextManager[Any]:
        """One process that is kept for several calls."""

"""The reference's answers, remembered for the length of a replay, so that it opens no box."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from autograder.box import wire
from autograder.judge.calls import Calls
from autograder.model import Observation, Value
from autograder.verify.tape import Take


class Remembered:
    """Calls that really run once for each question; what a run cost is remembered too."""

    def __init__(self, calls: Calls) -> None:
        """Ask `calls` what is not known yet."""
        self._calls = calls
        self._memory: dict[bytes, list[Take]] = {}

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Calls.call`."""
        key = _key(b"call", [probe, list(args), dict(kwargs)])
        return self._recall(key, lambda: [self._calls.call(probe, args, kwargs)])[0]

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Calls.map`."""
        key = _key(b"map", [probe, [list(case) for case in cases]])
        return self._recall(key, lambda: self._calls.map(probe, cases))

    @contextmanager
    def session(self) -> Iterator["_Session"]:
        """As `Calls.session`; opened only when something is not known."""
        with ExitStack() as stack:
            yield _Session(lambda: stack.enter_context(self._calls.session()), self._recall)

    def _recall(self, key: bytes, ask: Callable[[], list[Observation]]) -> list[Observation]:
        if key not in self._memory:
            self._memory[key] = [Take.of(seen) for seen in ask()]
        return [take.genuine() for take in self._memory[key]]


class _Session:
    """One session: an answer depends on all questions before it."""

    def __init__(
        self,
        enter: Callable[[], Calls],
        recall: Callable[[bytes, Callable[[], list[Observation]]], list[Observation]],
    ) -> None:
        self._enter = enter
        self._recall = recall
        self._calls: Calls | None = None
        self._unasked: list[tuple[str, Sequence[Value], Mapping[str, Value]]] = []
        self._history = b"session"

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Calls.call`."""
        self._history = _key(self._history, [probe, list(args), dict(kwargs)])
        self._unasked.append((probe, args, kwargs))
        return self._recall(self._history, self._catch_up)[0]

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """One call after the other, as in a real session."""
        return [self.call(probe, case, {}) for case in cases]

    @contextmanager
    def session(self) -> Iterator["_Session"]:
        """A session within a session is the same one."""
        yield self

    def _catch_up(self) -> list[Observation]:
        """Ask the real session all that it was not asked yet; return its last answer."""
        self._calls = self._calls or self._enter()
        asked, self._unasked = self._unasked, []
        return [self._calls.call(*question) for question in asked][-1:]


def _key(before: bytes, question: Any) -> bytes:
    return hashlib.sha256(before + wire.encode(question)).digest()

"""What is known about the one test that is running now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from autograder.judge.asked import Asked
from autograder.model import Observation


@dataclass
class Trial:
    """One run of one test case: what it observed of the student, and what it awarded."""

    award: float | None = None
    case: Asked | None = None  # the author's case that failed
    call: Asked | None = None  # the newest call; known at a student's desk only
    observed: bool = False  # a student's observation was read; from here on failures are theirs
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    counters: dict[str, float] = field(default_factory=dict)

    def read(self, observation: Observation) -> Observation:
        """Book what a student's call used, and pass the observation on."""
        self.observed = True
        self.cpu_seconds += observation.cpu_seconds
        self.wall_seconds += observation.wall_seconds
        self.peak_bytes = max(self.peak_bytes, observation.peak_bytes)
        for name, count in observation.counters.items():
            self.counters[name] = self.counters.get(name, 0) + count
        return observation


_current: ContextVar[Trial] = ContextVar("trial")


@contextmanager
def trial() -> Iterator[Trial]:
    """Make a fresh trial the current one for the length of a test."""
    token = _current.set(Trial())
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def current_trial() -> Trial:
    """Return the running test's trial. Raises RuntimeError outside a test."""
    try:
        return _current.get()
    except LookupError:
        raise RuntimeError("award() and student calls belong inside a test function") from None

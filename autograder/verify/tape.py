"""What one test observed, call by call, and its replay with hostile values in some places."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from autograder.box import wire
from autograder.model import Observation, Outcome, Value
from autograder.verify.distort import KINDS

_MOST_ALONE = 6  # calls of one test that are distorted alone, for each kind


@dataclass(frozen=True)
class Take:
    """One observation; its value as bytes, since a test may write into what it is given."""

    seen: Observation
    data: bytes

    @classmethod
    def of(cls, seen: Observation) -> "Take":
        """Keep an observation as it is now."""
        return cls(replace(seen, value=None), wire.encode(seen.value))

    def genuine(self) -> Observation:
        """Return the observation as it was."""
        return replace(self.seen, value=wire.decode(self.data))

    def hostile(self, kind: str) -> Observation:
        """Return it with another value, which a call that failed has too; it cost the same."""
        value = KINDS[kind](wire.decode(self.data))
        return replace(self.seen, outcome=Outcome.PASS, error=None, value=value)

    def alters(self, kind: str) -> bool:
        """Whether a test can tell the hostile value from the genuine one."""
        if kind == "huge":
            return True
        kind = "None inside" if kind == "huge inside" else kind  # changes the same, and is small
        hostile = wire.encode(self.hostile(kind).value)
        return hostile != self.data or (kind == "None" and not self.passed)

    @property
    def passed(self) -> bool:
        """Whether the call gave a value."""
        return self.seen.outcome is Outcome.PASS

    @property
    def telling(self) -> bool:
        """Whether the call said something: one that answers None is made for what it does."""
        return not self.passed or self.data != wire.encode(None)


@dataclass(frozen=True)
class Way:
    """One way to be hostile: a kind, in every call or in one alone."""

    kind: str
    call: int | None  # counted from 0; None: every call

    def told(self, calls: int) -> str:
        """Say it in words; the test made so many `calls`."""
        where = "every call" if self.call is None else f"call {self.call + 1} of {calls} alone"
        return f"{self.kind} in {where}"


def ways(takes: Sequence[Take]) -> Iterator[Way]:
    """Yield the ways that change something of what was observed."""
    for kind in KINDS:
        changed = [at for at, take in enumerate(takes) if take.alters(kind)]
        if changed:
            yield Way(kind, None)
        if len(takes) > 1:
            told = [at for at in changed if takes[at].telling]
            yield from (Way(kind, at) for at in _spread(told))


def _spread(places: Sequence[int]) -> Sequence[int]:
    """Return some of the places, the first and the last among them."""
    if len(places) <= _MOST_ALONE:
        return places
    step = (len(places) - 1) / (_MOST_ALONE - 1)
    return [places[round(at * step)] for at in range(_MOST_ALONE)]


class Player:
    """Calls answered from the record. Whoever asks for more than there is gets hostile values."""

    def __init__(self, takes: Sequence[Take], way: Way) -> None:
        """Answer with `takes`, made hostile in one `way`."""
        self._takes = takes
        self._way = way
        self._at = 0

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """Answer as the record says, whatever is asked."""
        at, self._at = self._at, self._at + 1
        if at >= len(self._takes):
            return self._takes[-1].hostile(self._way.kind)
        take = self._takes[at]
        return take.hostile(self._way.kind) if self._way.call in (None, at) else take.genuine()

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """One answer for each case."""
        return [self.call(probe, case, {}) for case in cases]

    @contextmanager
    def session(self) -> Iterator["Player"]:
        """A session's calls are on the same record."""
        yield self

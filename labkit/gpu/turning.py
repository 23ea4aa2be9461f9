"""Loops at run time, and how values of lanes that took different ways are chosen from."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.lanes import Mask
from labkit.gpu.run import Partly, Run
from labkit.gpu.scalars import DType
from labkit.gpu.typed import Compute, TupleType, Type

Step = Callable[[Run], None]
MAX_TURNS = 1_000_000  # of the loops of one batch


class Turning:
    """A loop at run time."""

    def __init__(
        self,
        line: int,
        begin: Step,
        test: Compute,
        body: Step,
        site: int,
        number: int,
        head: list[tuple[int, Type]],
        behind: list[tuple[int, Type]],
        parting: Callable[[], Exception],
    ) -> None:
        """Begin, then test and do `body`; names have the types `head` in it, `behind` after it."""
        self.line, self.begin, self.test, self.body = line, begin, test, body
        self.site, self.number, self.head, self.behind = site, number, head, behind
        self.parting = parting

    def __call__(self, run: Run) -> None:
        """Turn until no lane goes on; lanes that leave wait behind the loop."""
        self.begin(run)
        gone: tuple[Mask, list[Any]] | None = None
        self._retype(run, self.head)
        while True:
            run.turns += 1
            if run.turns > MAX_TURNS:
                run.stop("runaway_loop", self.line, f"loops turned more than {MAX_TURNS} times")
            run.ledger.visit(self.site, run.mask)
            chosen, entry = self.test(run), run.mask
            stay, leave = entry.both(chosen), entry.without(chosen)
            counts = run.ledger.lines[self.line]
            counts["branches"] += entry.warps
            if not leave.is_empty:
                gone = self._join(run, gone, (leave, list(run.frame)))
                counts["divergent_branches"] += stay.split_warps(leave)
            if stay.is_empty:
                break
            run.mask = stay if not leave.is_empty else entry
            self.body(run)
            self._meet(run, "latches")
            for state in run.leaving.pop((self.number, "exits"), ()):
                gone = self._join(run, gone, state)
            if run.mask.is_empty:
                break
        run.mask = Mask(run.shape, np.False_)
        if gone is not None:
            run.mask, run.frame = gone
            self._retype(run, self.behind)

    def _meet(self, run: Run, way: str) -> None:
        """Lanes that continued come back to the others at the end of the turn."""
        here: tuple[Mask, list[Any]] | None = None if run.mask.is_empty else (run.mask, run.frame)
        for state in run.leaving.pop((self.number, way), ()):
            here = self._join(run, here, state)
        if here is not None:
            run.mask, run.frame = here
            self._retype(run, self.head)

    def _join(
        self, run: Run, one: tuple[Mask, list[Any]] | None, other: tuple[Mask, list[Any]]
    ) -> tuple[Mask, list[Any]]:
        if one is None:
            return other
        frame = list(one[1])
        for slot, kind in self.behind:
            sides = other[1][slot], frame[slot]
            frame[slot] = pick(other[0].array, *sides, kind, self.parting)
        return one[0].either(other[0]), frame

    def _retype(self, run: Run, plan: list[tuple[int, Type]]) -> None:
        for slot, kind in plan:
            run.frame[slot] = retyped(run.frame[slot], kind)


def retyped(value: Any, kind: Type) -> Any:
    """Return `value` as `kind`, if it is a scalar that is there."""
    if value is None or not isinstance(kind, np.dtype):
        return value
    if isinstance(value, Partly):
        return Partly(scalars.cast(value.value, kind), value.lanes)
    return scalars.cast(value, kind)


def pick(chosen: Any, one: Any, other: Any, kind: Type, parting: Callable[[], Exception]) -> Any:
    """Return `one` where `chosen`, else `other`: what a name is where two paths meet.

    Raises:
        SubsetError: they are different arrays; `parting` makes it.
    """
    if one is other:
        return retyped(one, kind)
    if isinstance(kind, TupleType) and one is not None and other is not None:
        parts = zip(one, other, kind.items, strict=True)
        return tuple(pick(chosen, *part, parting) for part in parts)
    if not isinstance(kind, np.dtype):
        if one is not None and other is not None:
            raise parting()
        return other if one is None else one
    value = _picked(chosen, _value(one), _value(other), kind)
    if not any(side is None or isinstance(side, Partly) for side in (one, other)):
        return value
    lanes = np.where(chosen, _bound_lanes(one), _bound_lanes(other))
    return value if lanes.all() else Partly(value, lanes)


def _picked(chosen: Any, one: Any, other: Any, kind: DType) -> Any:
    if one is None or other is None:
        return scalars.cast(one if other is None else other, kind)
    return np.where(chosen, scalars.cast(one, kind), scalars.cast(other, kind))


def _bound_lanes(value: Any) -> Any:
    return value.lanes if isinstance(value, Partly) else np.bool_(value is not None)


def _value(value: Any) -> Any:
    return value.value if isinstance(value, Partly) else value

"""Who touched each element last, and which of those accesses nothing puts in order.

After Serebryany and Iskhodzhanov, "ThreadSanitizer: data race detection in practice" (WBIA 2009):
happens-before over vector clocks; here a clock is the number of the machine's step, since all
threads of a batch take a step together. Accesses are in order if one thread made both, if the
block met a barrier between them, or the warp a syncwarp; `Order.released` adds what fences and
atomics do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.gpu.lanes import WARP

Ints = NDArray[np.int64]
NONE, MANY = -1, -2
_LOG = 1 << 19  # accesses kept before they are looked at


@dataclass
class Touch:
    """Accesses of some lanes in one step, flat and of one length, active lanes only."""

    at: Ints  # element
    lane: Ints  # thread over the whole grid: block * threads + thread
    step: Any  # of the machine, a number or one for each


@dataclass
class Order:
    """What puts accesses in order: for each lane, the step of its block's and warp's last barrier.

    `released(lane, step, by_lane, by_step)` says for which pairs of an earlier access and a later
    one of another block a fence and an atomic put them in order.
    """

    threads: int  # of a block
    block_since: Callable[[Ints], Any]  # lane -> step
    warp_since: Callable[[Ints], Any]
    released: Callable[[Ints, Ints, Ints, Any], Any]


@dataclass
class Race:
    """Pairs of accesses with nothing between them; all arrays of one length."""

    at: Ints
    lane: Ints
    step: Ints
    other_lane: Ints  # MANY: several readers
    other_step: Ints


class Last:
    """The last access of one sort to each element."""

    def __init__(self, size: int) -> None:
        """Nobody has touched any of `size` elements."""
        self.lane = np.full(size, NONE, dtype=np.int64)
        self.step = np.full(size, NONE, dtype=np.int64)
        # Meaningful where `lane` is MANY: the warp and block they share, or MANY.
        self.warp = np.full(size, MANY, dtype=np.int64)
        self.block = np.full(size, MANY, dtype=np.int64)

    def unordered(self, touch: Touch, order: Order) -> Any:
        """Whether the last access to each touched element races with the touch, as an index."""
        lane, step = self.lane[touch.at], self.step[touch.at]
        since = order.block_since(touch.lane)
        same_block = lane // order.threads == touch.lane // order.threads
        suspect = (lane != NONE) & (lane != touch.lane) & ((step >= since) | ~same_block)
        found = np.flatnonzero(suspect)
        return found[self._truly(touch, found, order)] if len(found) else found

    def _truly(self, touch: Touch, found: Any, order: Order) -> Any:
        at, mine = touch.at[found], touch.lane[found]
        lane, step = self.lane[at], self.step[at]
        many = lane == MANY
        per_block = -(-order.threads // WARP)
        warp = np.where(many, self.warp[at], _warp(lane, order.threads, per_block))
        block = np.where(many, self.block[at], lane // order.threads)
        my_block = mine // order.threads
        after_barrier = (block == my_block) & (step < order.block_since(mine))
        same_warp = warp == _warp(mine, order.threads, per_block)
        after_barrier |= same_warp & (step < order.warp_since(mine))
        racing = ~after_barrier
        if racing.any():
            now = touch.step if np.ndim(touch.step) == 0 else touch.step[found][racing]
            racing[racing] = ~order.released(lane[racing], step[racing], mine[racing], now)
        return racing

    def put(self, touch: Touch) -> None:
        """Each touch is now the last one."""
        self.lane[touch.at] = touch.lane
        self.step[touch.at] = touch.step

    def join(self, touch: Touch, order: Order) -> None:
        """Add the touches to those that are there, less those that came before them in order."""
        beside = self.unordered(touch, order)
        old = (self.lane[touch.at[beside]], touch.at[beside])
        shared = old[0] == MANY
        self.put(touch)
        several = touch.lane != self.lane[touch.at]
        several[beside] = True
        if not several.any():
            return
        self._share(touch, several, old, shared, order)

    def _share(self, touch: Touch, several: Any, old: Any, shared: Any, order: Order) -> None:
        per_block = -(-order.threads // WARP)
        old_lane, old_at = old
        # All readers of the elements concerned; those of old as one lane each, or as a group.
        concerned = np.zeros(len(self.lane), dtype=bool)
        concerned[touch.at[several]] = True
        chosen = concerned[touch.at]
        at = np.concatenate([touch.at[chosen], old_at])
        lane = np.concatenate([touch.lane[chosen], old_lane])
        group = np.concatenate([np.zeros(int(chosen.sum()), dtype=bool), shared])
        warp = np.where(group, self.warp[at], _warp(lane, order.threads, per_block))
        block = np.where(group, self.block[at], lane // order.threads)
        self.lane[at] = MANY
        self.warp[at] = warp
        self.block[at] = block
        self.warp[at[self.warp[at] != warp]] = MANY
        self.block[at[self.block[at] != block]] = MANY


class Shadow:
    """The last writes to, and reads of, `size` elements, and the races among them."""

    def __init__(self, size: int) -> None:
        """Nobody has touched any of `size` elements."""
        self.writes = Last(size)
        self.reads = Last(size)
        self.atomic = np.zeros(size, dtype=bool)  # whether the last write was
        self._log: list[Touch] = []
        self._logged = 0

    def read(self, touch: Touch) -> bool:
        """Note reads, to be looked at by `settle`; say whether that is due."""
        self._log.append(touch)
        self._logged += len(touch.at)
        return self._logged >= _LOG

    def settle(self, order: Order) -> tuple[Race | None, Touch | None]:
        """Look at the reads noted; return those that race with a write, and the unwritten ones.

        To be called before any barrier and any write.
        """
        if not self._log:
            return None, None
        log, self._log, self._logged = self._log, [], 0
        touch = log[0]
        if len(log) > 1:
            steps = [np.broadcast_to(t.step, t.at.shape) for t in log]
            touch = Touch(
                np.concatenate([t.at for t in log]),
                np.concatenate([t.lane for t in log]),
                np.concatenate(steps),
            )
        race = self._race(self.writes, touch, self.writes.unordered(touch, order))
        unwritten = np.flatnonzero(self.writes.lane[touch.at] == NONE)
        self.reads.join(touch, order)
        return race, _part(touch, unwritten) if len(unwritten) else None

    def write(
        self,
        touch: Touch,
        order: Order,
        same: Callable[[Any], Any] | None = None,
        *,
        atomic: bool = False,
    ) -> list[Race]:
        """Note writes and return their races with earlier reads and writes.

        `same` says, for some of them, whether the memory holds the value already: then a race with
        another write harms nobody. Two atomics do not race.
        """
        between = self.writes.unordered(touch, order)
        if len(between) and same is not None:
            between = between[~same(between)]
        if len(between) and atomic:
            between = between[~self.atomic[touch.at[between]]]
        races = [
            self._race(self.writes, touch, between),
            self._race(self.reads, touch, self.reads.unordered(touch, order)),
        ]
        self.writes.put(touch)
        self.atomic[touch.at] = atomic
        return [race for race in races if race is not None]

    def rivals(self, touch: Touch) -> Any:
        """Which touches are not their element's last write: another lane wrote in the same step."""
        return np.flatnonzero(self.writes.lane[touch.at] != touch.lane)

    def _race(self, last: Last, touch: Touch, found: Any) -> Race | None:
        if not len(found):
            return None
        at = touch.at[found]
        step = np.broadcast_to(touch.step, touch.at.shape)[found]
        return Race(at, touch.lane[found], step, last.lane[at], last.step[at])


def _part(touch: Touch, found: Any) -> Touch:
    step = np.broadcast_to(touch.step, touch.at.shape)[found]
    return Touch(touch.at[found], touch.lane[found], step)


def _warp(lane: Ints, threads: int, per_block: int) -> Ints:
    """Return the number of each lane's warp over the whole grid."""
    return lane // threads * per_block + lane % threads // WARP

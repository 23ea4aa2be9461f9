"""A batch of blocks under way: where its lanes are, what they know, what has put them in order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.gpu.counters import Ledger
from labkit.gpu.fences import Fences
from labkit.gpu.lanes import WARP, Mask, Shape
from labkit.gpu.problems import ERROR, Hazard, Hazards, Stopped
from labkit.gpu.shadow import Order, Race, Touch

Dims = tuple[int, int, int]


@dataclass(frozen=True)
class Grid:
    """The launch's dimensions, x first; `order` maps a place in time to a block."""

    blocks: Dims
    threads: Dims
    order: Any  # int64 array of all block numbers, or None: as they are
    shared_bytes: int

    @property
    def block_count(self) -> int:
        """How many blocks there are."""
        x, y, z = self.blocks
        return x * y * z

    @property
    def thread_count(self) -> int:
        """How many threads a block has."""
        x, y, z = self.threads
        return x * y * z


@dataclass(frozen=True)
class Partly:
    """The value of a name that only the lanes where `lanes` is true have bound."""

    value: Any
    lanes: Any  # boolean, see lanes.py


class Run:
    """The state of one batch: `frame` holds the values of names, `mask` the lanes at work."""

    def __init__(
        self,
        grid: Grid,
        first: int,
        blocks: int,
        ledger: Ledger,
        hazards: Hazards,
        fences: Fences,
    ) -> None:
        """Begin with the `blocks` blocks from place `first` on, after those that `fences` knows."""
        self.grid, self.first = grid, first
        self.shape = Shape(grid.thread_count, blocks)
        self.mask = Mask.full(self.shape)
        self.frame: list[Any] = []
        self.cells: dict[int, Any] = {}  # what a device function returns, by call
        self.shared: dict[int, Any] = {}  # arrays by the number of their allocation
        self.ledger, self.hazards = ledger, hazards
        self.fences = fences
        step = self.step = fences.step
        self.leaving: dict[tuple[int, str], list[tuple[Mask, list[Any]]]] = {}
        self.locals: dict[int, Any] = {}
        self.turns = 0  # of loops, since the batch began
        self.lane_ids = self._lane_ids()
        self.exited = Mask(self.shape, np.False_)
        self._barrier = np.full(blocks, step, dtype=np.int64)
        self._warp_sync = np.full((self.shape.warps, blocks), step, dtype=np.int64)
        self.order = Order(self.shape.threads, self._block_since, self._warp_since, self._released)
        self.settlers: list[Callable[[], None]] = []  # look at the reads noted so far

    def _lane_ids(self) -> Any:
        threads = np.arange(self.shape.threads, dtype=np.int64)[:, None]
        return threads + (self.first + np.arange(self.shape.blocks)) * self.shape.threads

    def _block_since(self, lanes: Any) -> Any:
        return self._barrier[lanes // self.shape.threads - self.first]

    def _warp_since(self, lanes: Any) -> Any:
        block = lanes // self.shape.threads - self.first
        return self._warp_sync[lanes % self.shape.threads // WARP, block]

    def _released(self, lane: Any, step: Any, by_lane: Any, by_step: Any) -> Any:
        if not self.fences.watched:
            return np.zeros(len(lane), dtype=bool)
        pairs = zip(lane, step, by_lane, np.broadcast_to(by_step, lane.shape), strict=True)
        since = self._block_since(by_lane)
        ordered = [
            self.fences.order(int(one), int(when), int(other), int(now), int(barrier))
            for (one, when, other, now), barrier in zip(pairs, since, strict=True)
        ]
        return np.array(ordered, dtype=bool)

    def tick(self) -> int:
        """Begin the next step, and return its number."""
        self.step += 1
        return self.step

    def settle(self) -> None:
        """Look at all reads noted, before something puts accesses in order."""
        for look in self.settlers:
            look()

    def block_barrier(self, blocks: Any) -> None:
        """The blocks where the boolean `blocks` (B,) is true meet a barrier."""
        self.settle()
        self._barrier[blocks] = self._warp_sync[:, blocks] = self.tick()

    def warp_barrier(self, warps: Any) -> None:
        """The warps where the boolean `warps`, broadcasting to (warps, B), is true meet one."""
        self.settle()
        step = self.tick()
        self._warp_sync[np.broadcast_to(warps, self._warp_sync.shape)] = step

    def who(self, lanes: Any) -> tuple[tuple[int, int], ...]:
        """Name up to four of `lanes` (flat numbers) as (block, thread)."""
        return tuple(self._name(int(lane)) for lane in np.sort(np.unique(lanes))[:4])

    def _name(self, lane: int) -> tuple[int, int]:
        place, thread = divmod(lane, self.shape.threads)
        return (place if self.grid.order is None else int(self.grid.order[place])), thread

    def report(self, kind: str, line: int, message: str, mask: Mask, severity: str = ERROR) -> None:
        """Book a hazard of the lanes in `mask`."""
        lanes = mask.chosen(self.lane_ids)
        self.hazards.add(Hazard(kind, line, message, severity, self.who(lanes), len(lanes)))

    def stop(self, kind: str, line: int, message: str) -> None:
        """Book a hazard after which the launch cannot go on. Raises Stopped."""
        self.report(kind, line, message, self.mask)
        raise Stopped

    def report_race(self, races: list[Race], name: str, lines: Any, access: str) -> None:
        """Book races on the array `name`; `lines` maps a step to its source line."""
        for race in races:
            for other in np.unique(race.other_step):
                here = np.flatnonzero(race.other_step == other)
                self._report_pair(race, here, name, lines, access)

    def _report_pair(self, race: Race, here: Any, name: str, lines: Any, access: str) -> None:
        line = lines(int(race.step[here[0]]))
        other_line = lines(int(race.other_step[here[0]]))
        culprits = [race.lane[here[0]], race.other_lane[here[0]]]
        known = self.who([lane for lane in culprits if lane >= 0])
        element = int(race.at[here[0]])
        text = (
            f"{access} element {element} of {name}, used by another thread on line {other_line}, "
            "with nothing between them that puts them in order"
        )
        hazard = Hazard("race", line, text, ERROR, known, len(here), other_line)
        self.hazards.add(hazard)

    def report_unwritten(self, touch: Touch, name: str, lines: Any) -> None:
        """Book reads of what nobody has written."""
        for step in np.unique(touch.step):
            lanes = touch.lane[touch.step == step]
            text = f"reads an element of {name} that no thread has written"
            line = lines(int(step))
            self.hazards.add(
                Hazard("uninitialized_read", line, text, ERROR, self.who(lanes), len(lanes))
            )

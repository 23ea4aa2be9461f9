"""What fences and atomics put in order across blocks.

After the PTX ISA, "Memory Consistency Model": a thread that fences and then does an atomic releases
what it, and what its block before a barrier, wrote; who does an atomic later acquires it. All
atomics of a launch count as one order, whatever their address, so that no right program is blamed.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class _Event:
    lane: int
    place: tuple[int, int]  # (step, how many atomics of that step came before)
    fence: int  # step of the lane's last fence, 0: none
    barrier: int  # step of the block's last barrier


@dataclass
class Fences:
    """Events of one launch, by block; `step` is the clock that batches hand on to each other."""

    threads: int  # of a block
    watched: bool  # the kernel has fences at all
    step: int = 0
    _fenced: dict[int, int] = field(default_factory=dict)
    _events: dict[int, list[_Event]] = field(default_factory=dict)

    def fence(self, lanes: Any, step: int) -> None:
        """Each of `lanes` fences at `step`."""
        self._fenced.update(dict.fromkeys(lanes.tolist(), step))

    def atomic(self, lanes: Any, barriers: Any, step: int) -> None:
        """Each of `lanes`, in the order in which they are served, does an atomic."""
        if not self.watched:
            return
        for rank, (lane, barrier) in enumerate(zip(lanes.tolist(), barriers.tolist(), strict=True)):
            event = _Event(lane, (step, rank), self._fenced.get(lane, 0), barrier)
            self._events.setdefault(lane // self.threads, []).append(event)

    def order(self, lane: int, step: int, by_lane: int, by_step: int, by_barrier: int) -> bool:
        """Whether an access of `lane` at `step` comes before one of `by_lane` at `by_step`.

        `by_barrier` is the step of the last barrier in the block of `by_lane`.
        """
        if lane < 0:
            return False
        released = [
            event.place
            for event in self._events.get(lane // self.threads, ())
            if event.fence > step and (event.lane == lane or event.barrier > step)
        ]
        acquired = [
            event.place
            for event in self._events.get(by_lane // self.threads, ())
            if event.place[0] <= by_step and (event.lane == by_lane or by_barrier > event.place[0])
        ]
        return bool(released and acquired) and min(released) < max(acquired)

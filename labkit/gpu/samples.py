"""What memory accesses of a launch looked like, kept for pictures: nothing is graded by it."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from labkit.gpu.lanes import WARP, Mask
from labkit.gpu.traffic import BANKS, SECTOR, WORD

_MOST_WARPS = 512  # of one access that are looked at for a picture


@dataclass(frozen=True)
class Sample:
    """One access of one warp: `offsets` are the bytes where its lanes read or write (-1: idle)."""

    line: int
    way: str  # "load" or "store"
    array: str
    space: str  # "global" or "shared"
    itemsize: int
    offsets: tuple[int, ...]

    @property
    def passes(self) -> int:
        """Sectors, or passes over shared memory, that it takes."""
        if self.space == "global":
            return len(self.sectors)
        return sum(half._highest for half in self.groups)

    @property
    def needed(self) -> int:
        """The passes that it would take if no lanes were in each other's way."""
        return len(self.groups)

    @property
    def groups(self) -> "tuple[Sample, ...]":
        """The lanes that shared memory serves together: for items of 8 bytes, half a warp."""
        size = WARP // 2 if self.itemsize == 2 * WORD else WARP
        idle = (-1,) * WARP
        some = (
            replace(self, offsets=idle[:first] + self.offsets[first : first + size])
            for first in range(0, len(self.offsets), size)
        )
        return tuple(group for group in some if any(offset >= 0 for offset in group.offsets))

    @property
    def _highest(self) -> int:
        return max(len(words) for words in self.banks.values())

    @property
    def sectors(self) -> dict[int, set[int]]:
        """The bytes wanted of each sector, by number of the sector."""
        wanted: dict[int, set[int]] = {}
        for offset in self.offsets:
            for byte in range(offset, offset + self.itemsize) if offset >= 0 else ():
                wanted.setdefault(byte // SECTOR, set()).add(byte % SECTOR)
        return dict(sorted(wanted.items()))

    @property
    def banks(self) -> dict[int, dict[int, list[int]]]:
        """The lanes that want each word of each bank, by bank and word."""
        wanted: dict[int, dict[int, list[int]]] = {}
        for lane, offset in enumerate(self.offsets):
            for word in range(offset // WORD, -(-(offset + self.itemsize) // WORD)):
                if offset >= 0:
                    wanted.setdefault(word % BANKS, {}).setdefault(word, []).append(lane)
        return wanted


@dataclass(frozen=True)
class Heat:
    """How often threads came to each sector of an array, whose elements lie row by row."""

    shape: tuple[int, ...]
    itemsize: int
    counts: Any  # by sector, int64

    @property
    def visits(self) -> Any:
        """How often an element of each sector was visited, on average; the last may be cut off."""
        first = np.arange(len(self.counts)) * SECTOR
        held = np.minimum(SECTOR, math.prod(self.shape) * self.itemsize - first) / self.itemsize
        return self.counts / held

    @property
    def is_even(self) -> bool:
        """Whether all elements were visited alike, as far as sectors tell."""
        visits = self.visits
        return bool(visits.size == 0 or visits.min() == visits.max())


@dataclass(frozen=True)
class Access:
    """One access of many warps, as the machine made it: `sample` looks at it more closely."""

    line: int
    way: str
    array: str
    space: str
    itemsize: int
    at: Any  # elements, lanes
    mask: Mask

    @property
    def sample(self) -> Sample:
        """The costliest of its warps; of a large launch, of the first ones."""
        shape = self.mask.shape
        blocks = min(shape.blocks, max(1, _MOST_WARPS // shape.warps))
        active = np.broadcast_to(self.mask.array, (shape.threads, shape.blocks))[:, :blocks]
        where = np.broadcast_to(self.at, (shape.threads, shape.blocks))[:, :blocks]
        offsets = shape.by_warp(np.where(active, where * self.itemsize, -1), -1)
        warps = np.unique(offsets.transpose(0, 2, 1).reshape(-1, WARP), axis=0)
        what = (self.line, self.way, self.array, self.space, self.itemsize)
        some = (Sample(*what, tuple(map(int, warp))) for warp in warps if (warp >= 0).any())
        return max(some, key=lambda sample: (sample.passes, sum(n >= 0 for n in sample.offsets)))


class Samples:
    """Keeps, for each line and array, the costliest access that was seen."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._found: dict[tuple[int, str, str], tuple[float, Access]] = {}

    def see(self, view: Any, way: str, at: Any, mask: Mask, line: int, passes: int) -> None:
        """The lanes of `mask` access elements `at` of `view`; all warps together in `passes`."""
        key, cost = (line, way, view.name), passes / mask.warps
        if key in self._found and self._found[key][0] >= cost:
            return
        access = Access(line, way, view.name, view.space, view.dtype.itemsize, at, mask)
        self._found[key] = cost, access

    def all(self) -> tuple[Access, ...]:
        """Return what was kept, by line."""
        return tuple(self._found[key][1] for key in sorted(self._found))

"""What memory accesses of a launch looked like, kept for pictures: nothing is graded by it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.gpu.lanes import WARP, Mask
from labkit.gpu.traffic import BANKS, SECTOR, WORD


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
        return max((len(words) for words in self.banks.values()), default=0)

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
    """How often threads came to each sector of an array."""

    shape: tuple[int, ...]
    itemsize: int
    counts: Any  # by sector, int64

    @property
    def visits(self) -> float:
        """How often an element of the array was visited, on average."""
        return float(self.counts.sum()) / max(1, math.prod(self.shape))

    @property
    def is_even(self) -> bool:
        """Whether all sectors were visited alike; the last one may be cut off."""
        whole = self.counts[:-1] if self.counts.size > 1 else self.counts
        return bool(whole.size == 0 or whole.min() == whole.max())


class Samples:
    """Keeps, for each line and array, the costliest access of a warp that was seen."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._found: dict[tuple[int, str, str], tuple[float, Sample]] = {}

    def see(self, view: Any, way: str, at: Any, mask: Mask, line: int, passes: int) -> None:
        """The lanes of `mask` access elements `at` of `view`; all warps together in `passes`."""
        key, cost = (line, way, view.name), passes / mask.warps
        if key in self._found and self._found[key][0] >= cost:
            return
        offsets = _of_one_warp(at, mask, view.dtype.itemsize)
        sample = Sample(line, way, view.name, view.space, view.dtype.itemsize, offsets)
        self._found[key] = cost, sample

    def all(self) -> tuple[Sample, ...]:
        """Return what was kept, by line."""
        return tuple(sample for _, (_, sample) in sorted(self._found.items()))


def _of_one_warp(at: Any, mask: Mask, itemsize: int) -> tuple[int, ...]:
    """Return the offsets of the first of the warps in which most lanes are at work."""
    shape = mask.shape
    active = np.broadcast_to(mask.array, (shape.threads, shape.blocks))
    lanes = shape.by_warp(active, False)
    warp, block = divmod(int(lanes.sum(axis=1).argmax()), shape.blocks)
    first = warp * WARP
    where = np.broadcast_to(at, active.shape)[first : first + WARP, block]
    here = lanes[warp, : len(where), block]
    return tuple(map(int, np.where(here, where * itemsize, -1)))

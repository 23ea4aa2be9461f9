"""Which lanes of a batch of blocks are at work: masks over (threads, blocks), kept small.

Every value of a running kernel is a NumPy scalar, or an array that broadcasts to (T, B), T threads
of a block by B blocks of a batch: (T, 1) is the same in all blocks, (1, B) the same for all threads
of a block. Blocks are the fast axis, since most of what a warp does is alike in all blocks: then
it is done, and counted, once.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

WARP = 32
Lanes = NDArray[Any]  # broadcasts to (T, B)


class Shape:
    """How many threads a block has, and how many blocks are in the batch."""

    def __init__(self, threads: int, blocks: int) -> None:
        """`threads` a block, `blocks` of them."""
        self.threads, self.blocks = threads, blocks
        self.warps = -(-threads // WARP)  # of one block
        self.all = threads * blocks

    def by_warp(self, lanes: Lanes, fill: Any, group: int = WARP) -> Lanes:
        """Return `lanes`, of shape (T, b), as (T / group, group, b); what is missing is `fill`."""
        threads, blocks = lanes.shape
        missing = -threads % group
        if missing:
            rest = np.full((missing, blocks), fill, dtype=lanes.dtype)
            lanes = np.concatenate([lanes, rest])
        return lanes.reshape(-1, group, blocks)


class Mask:
    """A set of lanes; `array` is a boolean that broadcasts to (T, B)."""

    def __init__(self, shape: Shape, array: Lanes | np.bool_) -> None:
        """The lanes where `array` is true."""
        self.shape = shape
        self.array: Any = array

    @classmethod
    def full(cls, shape: Shape) -> "Mask":
        """All lanes."""
        return cls(shape, np.True_)

    @cached_property
    def is_full(self) -> bool:
        """Whether every lane is in it."""
        return bool(self.array.all())

    @cached_property
    def is_empty(self) -> bool:
        """Whether no lane is in it."""
        return not bool(self.array.any())

    @cached_property
    def lanes(self) -> int:
        """How many lanes are in it."""
        array = self.array
        return int(np.count_nonzero(array) * (self.shape.all // max(1, array.size)))

    @cached_property
    def in_warps(self) -> Any:
        """For each warp, whether a lane of it is in: broadcasts to (warps, B)."""
        array = self.array
        if array.ndim == 0 or array.shape[0] == 1:
            return array
        return self.shape.by_warp(array, False).any(axis=1)

    @cached_property
    def warps(self) -> int:
        """How many warps have a lane in it."""
        some = self.in_warps
        every = self.shape.warps * self.shape.blocks
        return int(np.count_nonzero(some) * (every // max(1, some.size)))

    def both(self, other: Any) -> "Mask":
        """The lanes of this one where `other`, a boolean, is true."""
        return Mask(self.shape, self.array & other)

    def without(self, other: Any) -> "Mask":
        """The lanes of this one where `other` is false."""
        return Mask(self.shape, self.array & ~other)

    def either(self, other: "Mask") -> "Mask":
        """The lanes of both."""
        if self.is_empty or other.is_full:
            return other
        if other.is_empty or self.is_full:
            return self
        return Mask(self.shape, self.array | other.array)

    def split_warps(self, other: "Mask") -> int:
        """How many warps have lanes in both: those diverge."""
        both = self.in_warps & other.in_warps
        every = self.shape.warps * self.shape.blocks
        return int(np.count_nonzero(both) * (every // max(1, both.size)))

    def chosen(self, lanes: Any) -> Any:
        """Return the values of `lanes` for the lanes of the mask, flat, threads slowest."""
        whole = np.broadcast_to(lanes, (self.shape.threads, self.shape.blocks))
        return whole[np.broadcast_to(self.array, whole.shape)]

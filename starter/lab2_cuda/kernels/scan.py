"""Exclusive prefix sums of any length, in three launches.

After Blelloch, "Prefix sums and their applications" (1990), and Harris, Sengupta and Owens,
"Parallel prefix sum (scan) with CUDA" (GPU Gems 3, chapter 39).
"""

import numpy as np
from numba import cuda, int64

from labkit.gpu import Launch, scratch

THREADS = 128
TILE = 2 * THREADS  # elements of a block
BANKS = 16  # pairs of banks: an element of 8 bytes takes two
PADDED = TILE + TILE // BANKS


@cuda.jit(device=True)
def padded(i):
    """Return where element i of a tile lies: one place is left free after every BANKS elements."""
    raise NotImplementedError("strides that are powers of two must not meet in one bank; about 1 line")


@cuda.jit(device=True)
def scan_tile(tile, t):
    """Replace the TILE elements in shared memory by their exclusive prefix sums; return their sum.

    All threads of the block call it; it begins and ends with a barrier.
    """
    raise NotImplementedError("sums up a tree, then prefixes down again; about 23 lines")


@cuda.jit
def scan_blocks(out, sums, x):
    """Each block scans one tile of x by itself, and writes the sum of the tile."""
    raise NotImplementedError("behind the end of x there are zeros; about 11 lines")


@cuda.jit
def scan_sums(sums):
    """One block replaces the sums of all tiles by their exclusive prefix sums, tile by tile."""
    raise NotImplementedError("carry on what came before; about 11 lines")


@cuda.jit
def add_sums(out, sums):
    """Each block adds the sum of all that comes before its tile to every element of the tile."""
    raise NotImplementedError("about 4 lines")


def exclusive_scan_launch(shapes):
    """Return the three launches; the sums of the tiles are scratch memory."""
    raise NotImplementedError("about 8 lines")

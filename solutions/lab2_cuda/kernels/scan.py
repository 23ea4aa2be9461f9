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
    # BEGIN SOLUTION: strides that are powers of two must not meet in one bank; about 1 line
    return i + i // BANKS
    # END SOLUTION


@cuda.jit(device=True)
def scan_tile(tile, t):
    """Replace the TILE elements in shared memory by their exclusive prefix sums; return their sum.

    All threads of the block call it; it begins and ends with a barrier.
    """
    # BEGIN SOLUTION: sums up a tree, then prefixes down again; about 23 lines
    stride, pairs = 1, THREADS
    while pairs > 0:
        cuda.syncthreads()
        if t < pairs:
            left, right = padded(stride * (2 * t + 1) - 1), padded(stride * (2 * t + 2) - 1)
            tile[right] += tile[left]
        stride, pairs = stride * 2, pairs // 2
    cuda.syncthreads()
    total = tile[padded(TILE - 1)]
    cuda.syncthreads()
    if t == 0:
        tile[padded(TILE - 1)] = 0
    stride, pairs = THREADS, 1
    while pairs <= THREADS:
        cuda.syncthreads()
        if t < pairs:
            left, right = padded(stride * (2 * t + 1) - 1), padded(stride * (2 * t + 2) - 1)
            before = tile[right]
            tile[right] += tile[left]
            tile[left] = before
        stride, pairs = stride // 2, pairs * 2
    cuda.syncthreads()
    return total
    # END SOLUTION


@cuda.jit
def scan_blocks(out, sums, x):
    """Each block scans one tile of x by itself, and writes the sum of the tile."""
    # BEGIN SOLUTION: behind the end of x there are zeros; about 11 lines
    tile = cuda.shared.array(PADDED, int64)
    t = cuda.threadIdx.x
    start = cuda.blockIdx.x * TILE
    for i in range(t, TILE, THREADS):
        tile[padded(i)] = x[start + i] if start + i < x.size else 0
    total = scan_tile(tile, t)
    for i in range(t, TILE, THREADS):
        if start + i < x.size:
            out[start + i] = tile[padded(i)]
    if t == 0:
        sums[cuda.blockIdx.x] = total
    # END SOLUTION


@cuda.jit
def scan_sums(sums):
    """One block replaces the sums of all tiles by their exclusive prefix sums, tile by tile."""
    # BEGIN SOLUTION: carry on what came before; about 11 lines
    tile = cuda.shared.array(PADDED, int64)
    t = cuda.threadIdx.x
    carry = int64(0)
    for start in range(0, sums.size, TILE):
        for i in range(t, TILE, THREADS):
            tile[padded(i)] = sums[start + i] if start + i < sums.size else 0
        total = scan_tile(tile, t)
        for i in range(t, TILE, THREADS):
            if start + i < sums.size:
                sums[start + i] = carry + tile[padded(i)]
        carry += total
    # END SOLUTION


@cuda.jit
def add_sums(out, sums):
    """Each block adds the sum of all that comes before its tile to every element of the tile."""
    # BEGIN SOLUTION: about 4 lines
    start = cuda.blockIdx.x * TILE
    before = sums[cuda.blockIdx.x]
    for i in range(start + cuda.threadIdx.x, min(start + TILE, out.size), THREADS):
        out[i] += before
    # END SOLUTION


def exclusive_scan_launch(shapes):
    """Return the three launches; the sums of the tiles are scratch memory."""
    # BEGIN SOLUTION: about 8 lines
    (n,) = shapes["x"]
    tiles = max(1, (n + TILE - 1) // TILE)
    sums = scratch(tiles, np.int64)
    return [
        Launch(scan_blocks, tiles, THREADS, ("out", sums, "x")),
        Launch(scan_sums, 1, THREADS, (sums,)),
        Launch(add_sums, tiles, THREADS, ("out", sums)),
    ]
    # END SOLUTION

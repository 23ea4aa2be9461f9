"""Exclusive prefix sums of any length, in three launches.

A thread sums up EACH neighbours by itself; the tree goes over the sums of the threads only. EACH is
odd, so threads that walk through the tile side by side meet in no bank, without padding.
"""

import numpy as np
from numba import cuda, int64

from labkit.gpu import Launch, scratch

THREADS = 64
EACH = 5
TILE = THREADS * EACH  # elements of a block
BANKS = 16  # pairs of banks: an element of 8 bytes takes two
PADDED = THREADS + THREADS // BANKS


@cuda.jit(device=True)
def padded(i):
    """Return where element i of the tree lies: one place is left free after every BANKS."""
    return i + i // BANKS


@cuda.jit(device=True)
def scan_tree(tree, t):
    """Replace the THREADS sums in the tree by their exclusive prefix sums; return their sum."""
    step = 1
    pairs = THREADS // 2
    while pairs > 0:  # up
        cuda.syncthreads()
        if t < pairs:
            right = (2 * t + 2) * step - 1
            tree[padded(right)] += tree[padded(right - step)]
        step *= 2
        pairs //= 2
    cuda.syncthreads()
    total = tree[padded(THREADS - 1)]
    cuda.syncthreads()
    if t == 0:
        tree[padded(THREADS - 1)] = int64(0)
    pairs = 1
    while pairs < THREADS:  # down
        cuda.syncthreads()
        step //= 2
        if t < pairs:
            right = (2 * t + 2) * step - 1
            before = tree[padded(right)]
            of_left = tree[padded(right - step)]
            tree[padded(right - step)] = before
            tree[padded(right)] = before + of_left
        pairs *= 2
    cuda.syncthreads()
    return total


@cuda.jit(device=True)
def scan_tile(tile, tree, t, count):
    """Replace count elements in shared memory by their exclusive prefix sums; return their sum.

    All threads of the block call it; it begins and ends with a barrier.
    """
    cuda.syncthreads()
    mine = cuda.local.array(EACH, int64)
    sum_of_mine = int64(0)
    for j in range(EACH):
        mine[j] = int64(0)
        if t * EACH + j < count:
            mine[j] = tile[t * EACH + j]
        sum_of_mine += mine[j]
    tree[padded(t)] = sum_of_mine
    total = scan_tree(tree, t)
    before = tree[padded(t)]
    for j in range(EACH):
        if t * EACH + j < count:
            tile[t * EACH + j] = before
        before += mine[j]
    cuda.syncthreads()
    return total


@cuda.jit
def scan_blocks(out, sums, x):
    """Each block scans one tile of x by itself, and writes the sum of the tile."""
    tile = cuda.shared.array(TILE, int64)
    tree = cuda.shared.array(PADDED, int64)
    t, first = cuda.threadIdx.x, cuda.blockIdx.x * TILE
    count = min(TILE, x.size - first)
    for i in range(t, count, THREADS):
        tile[i] = x[first + i]
    total = scan_tile(tile, tree, t, count)
    for i in range(t, count, THREADS):
        out[first + i] = tile[i]
    if t == 0:
        sums[cuda.blockIdx.x] = total


@cuda.jit
def scan_sums(sums):
    """One block replaces the sums of all tiles by their exclusive prefix sums, tile by tile."""
    tile = cuda.shared.array(TILE, int64)
    tree = cuda.shared.array(PADDED, int64)
    t = cuda.threadIdx.x
    carry = int64(0)
    for first in range(0, sums.size, TILE):
        count = min(TILE, sums.size - first)
        for i in range(t, count, THREADS):
            tile[i] = sums[first + i]
        total = scan_tile(tile, tree, t, count)
        for i in range(t, count, THREADS):  # what it fills itself in the next round
            sums[first + i] = tile[i] + carry
        carry += total


@cuda.jit
def add_sums(out, sums):
    """Each block adds the sum of all that comes before its tile to every element of the tile."""
    first = cuda.blockIdx.x * TILE + cuda.threadIdx.x
    before = sums[cuda.blockIdx.x]
    for i in range(first, min(first + TILE - cuda.threadIdx.x, out.size), THREADS):
        out[i] += before


def exclusive_scan_launch(shapes):
    """Return the three launches; the sums of the tiles are scratch memory."""
    blocks = max(1, -(-shapes["x"][0] // TILE))
    sums = scratch(blocks, np.int64)
    return [
        Launch(scan_blocks, blocks, THREADS, ["out", sums, "x"]),
        Launch(scan_sums, 1, THREADS, [sums]),
        Launch(add_sums, blocks, THREADS, ["out", sums]),
    ]

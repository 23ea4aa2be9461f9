"""Reductions of a block: a tree in shared memory, halving the threads at work."""

import math

from numba import cuda, float32, int64

from labkit.gpu import Launch

THREADS = 128
SUM = 0
MAX = 1
MIN = 2


@cuda.jit(device=True)
def identity(op):
    """Return the value that changes nothing when it is combined with another."""
    if op == SUM:
        return float32(0)
    if op == MAX:
        return float32(-math.inf)
    return float32(math.inf)


@cuda.jit(device=True)
def combine(op, one, other):
    """Return the sum, maximum or minimum of two values."""
    if op == SUM:
        return one + other
    if op == MAX:
        return max(one, other)
    return min(one, other)


@cuda.jit
def block_reduce(partials, x, op):
    """Each block reduces every gridDim-th stretch of THREADS elements to one partial result."""
    values = cuda.shared.array(THREADS, float32)
    t = cuda.threadIdx.x
    mine = identity(op)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        mine = combine(op, mine, x[i])
    values[t] = mine
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if t < half:  # its own part is still in a register
            mine = combine(op, mine, values[t + half])
            values[t] = mine
        half //= 2
    if t == 0:
        partials[cuda.blockIdx.x] = mine


def block_reduce_launch(shapes):
    """Return one launch with a block for each of the partials."""
    blocks = shapes["partials"][0]
    if blocks == 0:
        return []
    return [Launch(block_reduce, blocks, THREADS, ["partials", "x", "op"])]


@cuda.jit(device=True)
def is_better(value, at, best, best_at):
    """Whether value, found at index at, beats best; of equal ones the lower index wins."""
    return value > best or (value == best and at < best_at)


@cuda.jit
def row_argmax(out, x):
    """A block finds the place of the greatest element of one row, the lowest one of several."""
    values = cuda.shared.array(THREADS, float32)
    places = cuda.shared.array(THREADS, int64)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    best, best_at = float32(-math.inf), int64(x.shape[1])
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        if is_better(value, col, best, best_at):
            best, best_at = value, int64(col)
    values[t] = best
    places[t] = best_at
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if t < half:
            value, at = values[t + half], places[t + half]
            if is_better(value, at, best, best_at):
                best, best_at = value, at
                values[t] = best
                places[t] = best_at
        half //= 2
    if t == 0:
        out[row] = best_at


def row_argmax_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    rows = shapes["x"][0]
    return [Launch(row_argmax, rows, THREADS, ["out", "x"])] if rows > 0 else []

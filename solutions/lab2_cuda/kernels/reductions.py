"""Reductions of a block: a tree in shared memory, halving the threads at work."""

import math

from numba import cuda, float32, int32

from labkit.gpu import Launch

THREADS = 256
SUM = 0
MAX = 1
MIN = 2


@cuda.jit(device=True)
def identity(op):
    """Return the value that changes nothing when it is combined with another."""
    # BEGIN SOLUTION: about 5 lines
    if op == MAX:
        return float32(-math.inf)
    if op == MIN:
        return float32(math.inf)
    return float32(0)
    # END SOLUTION


@cuda.jit(device=True)
def combine(op, one, other):
    """Return the sum, maximum or minimum of two values."""
    # BEGIN SOLUTION: about 5 lines
    if op == MAX:
        return max(one, other)
    if op == MIN:
        return min(one, other)
    return one + other
    # END SOLUTION


@cuda.jit
def block_reduce(partials, x, op):
    """Each block reduces every gridDim-th stretch of THREADS elements to one partial result."""
    # BEGIN SOLUTION: a grid-stride loop, then a tree with one barrier a level; about 15 lines
    values = cuda.shared.array(THREADS, float32)
    t = cuda.threadIdx.x
    mine = identity(op)
    for i in range(cuda.grid(1), x.size, cuda.gridsize(1)):
        mine = combine(op, mine, x[i])
    values[t] = mine
    cuda.syncthreads()
    half = THREADS // 2
    while half > 0:
        # The lower half of the threads works on neighbouring words: no bank conflicts.
        if t < half:
            values[t] = combine(op, values[t], values[t + half])
        cuda.syncthreads()
        half //= 2
    if t == 0:
        partials[cuda.blockIdx.x] = values[0]
    # END SOLUTION


def block_reduce_launch(shapes):
    """Return one launch with a block for each of the partials."""
    # BEGIN SOLUTION: about 1 line
    return [Launch(block_reduce, shapes["partials"][0], THREADS, ("partials", "x", "op"))]
    # END SOLUTION


@cuda.jit(device=True)
def is_better(value, at, best, best_at):
    """Whether value, found at index at, beats best; of equal ones the lower index wins."""
    # BEGIN SOLUTION: about 1 line
    return value > best or (value == best and at < best_at)
    # END SOLUTION


@cuda.jit
def row_argmax(out, x):
    """A block finds the place of the greatest element of one row, the lowest one of several."""
    # BEGIN SOLUTION: keep a value and its index together, all the way; about 20 lines
    values = cuda.shared.array(THREADS, float32)
    places = cuda.shared.array(THREADS, int32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    # Behind the last index: even -inf at a real index beats a thread that has seen nothing.
    best, best_at = float32(-math.inf), x.shape[1]
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        if is_better(value, col, best, best_at):
            best, best_at = value, col
    values[t], places[t] = best, best_at
    cuda.syncthreads()
    half = THREADS // 2
    while half > 0:
        if t < half:
            value, at = values[t + half], places[t + half]
            if is_better(value, at, values[t], places[t]):
                values[t], places[t] = value, at
        cuda.syncthreads()
        half //= 2
    if t == 0:
        out[row] = places[0]
    # END SOLUTION


def row_argmax_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    # BEGIN SOLUTION: about 2 lines
    rows = shapes["x"][0]
    return [Launch(row_argmax, rows, THREADS, ("out", "x"))] if rows > 0 else []
    # END SOLUTION

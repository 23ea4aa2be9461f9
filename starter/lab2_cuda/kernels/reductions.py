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
    raise NotImplementedError("about 5 lines")


@cuda.jit(device=True)
def combine(op, one, other):
    """Return the sum, maximum or minimum of two values."""
    raise NotImplementedError("about 5 lines")


@cuda.jit
def block_reduce(partials, x, op):
    """Each block reduces every gridDim-th stretch of THREADS elements to one partial result."""
    raise NotImplementedError("a grid-stride loop, then a tree with one barrier a level; about 15 lines")


def block_reduce_launch(shapes):
    """Return one launch with a block for each of the partials."""
    raise NotImplementedError("about 1 line")


@cuda.jit(device=True)
def is_better(value, at, best, best_at):
    """Whether value, found at index at, beats best; of equal ones the lower index wins."""
    raise NotImplementedError("about 1 line")


@cuda.jit
def row_argmax(out, x):
    """A block finds the place of the greatest element of one row, the lowest one of several."""
    raise NotImplementedError("keep a value and its index together, all the way; about 20 lines")


def row_argmax_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    raise NotImplementedError("about 2 lines")

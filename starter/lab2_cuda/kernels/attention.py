"""Attention of one head in tiles: the matrix of scores never exists in global memory.

After Dao et al., "FlashAttention" (2022), and Dao, "FlashAttention-2" (2023). A block is
TILE x TILE threads; a warp (one threadIdx.y) serves one query, its lanes (threadIdx.x) the keys of
a tile, and then the features of the result. So what a query knows of its scores stays in its warp.
"""

import math

import numpy as np
from numba import cuda, float32

from labkit.gpu import Launch, scratch

TILE = 32  # queries of a block, keys of a tile, and threads of a warp
WIDTH = 64  # the greatest number of features
PITCH = WIDTH + 1  # of a tile whose rows are read by the lanes of a warp, each its own
PARTS = WIDTH // TILE  # features of one lane
EVERYONE = 0xFFFFFFFF


@cuda.jit(device=True)
def warp_max(value):
    """Return the maximum over the lanes of the warp, to all of them."""
    raise NotImplementedError("five exchanges with lanes farther and farther away; about 5 lines")


@cuda.jit(device=True)
def warp_sum(value):
    """Return the sum over the lanes of the warp, to all of them."""
    raise NotImplementedError("as warp_max; about 5 lines")


@cuda.jit(device=True)
def weight(x, top):
    """Return exp(x - top), and 0 for x = -inf whatever top is."""
    raise NotImplementedError("-inf - -inf is NaN; about 3 lines")


@cuda.jit(device=True)
def load_rows(tile, x, first, stop):
    """Copy the TILE rows of x from first on into a tile, a warp each; zeros from row stop on."""
    raise NotImplementedError("neighbouring lanes, neighbouring features; about 3 lines")


@cuda.jit(device=True)
def dot_rows(one, one_row, other, other_row, width):
    """Return the product of a row of one tile with a row of another."""
    raise NotImplementedError("about 4 lines")


@cuda.jit(device=True)
def keys_seen(query, queries, keys, causal):
    """Return how many of the keys a query sees, the first ones; the last query sees all."""
    raise NotImplementedError("it may be none; about 3 lines")


@cuda.jit(device=True)
def clear(sums):
    """Set a lane's features of sums to zero."""
    raise NotImplementedError("about 2 lines")


@cuda.jit(device=True)
def accumulate(sums, weights, tile, width):
    """Add to a lane's features of sums the rows of the tile, weighted with those of its warp."""
    raise NotImplementedError("about 7 lines")


@cuda.jit(device=True)
def store_row(out, row, sums, scale):
    """Write a row of out, scale * sums, a lane its features; rows behind the last are left out."""
    raise NotImplementedError("about 4 lines")


@cuda.jit
def flash_forward(o, lse, q, k, v, scale, causal):
    """A block computes o and lse for TILE queries, reading k and v once, a tile at a time."""
    raise NotImplementedError("what is summed up so far is scaled anew when the maximum grows; about 35 lines")


def tiles_of(rows):
    """Return how many tiles cover so many rows; a grid has at least one block."""
    raise NotImplementedError("about 1 line")


def flash_forward_launch(shapes):
    """Return one launch with a block for each tile of queries."""
    raise NotImplementedError("about 2 lines")


@cuda.jit(device=True)
def dot_features(one, other, row):
    """Return the product of a row of one array with the same row of another, to all lanes."""
    raise NotImplementedError("about 5 lines")


@cuda.jit
def query_gradient(dq, delta, do, o, lse, q, k, v, scale, causal):
    """A block computes dq for TILE queries, and for each its delta, the product of do and o."""
    raise NotImplementedError("the weights are exp(score - lse): no maximum, no sum; about 31 lines")


@cuda.jit
def key_gradients(dk, dv, delta, do, lse, q, k, v, scale, causal):
    """A block computes dk and dv for TILE keys; here a warp serves a key, its lanes the queries."""
    raise NotImplementedError("as query_gradient with the roles changed, so nothing is atomic; about 40 lines")


def flash_backward_launch(shapes):
    """Return a launch for dq, then one for dk and dv; between them delta is scratch memory."""
    raise NotImplementedError("about 8 lines")

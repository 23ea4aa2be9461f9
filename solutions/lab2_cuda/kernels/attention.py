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
    # BEGIN SOLUTION: five exchanges with lanes farther and farther away; about 5 lines
    distance = 1
    while distance < TILE:
        value = max(value, cuda.shfl_xor_sync(EVERYONE, value, distance))
        distance *= 2
    return value
    # END SOLUTION


@cuda.jit(device=True)
def warp_sum(value):
    """Return the sum over the lanes of the warp, to all of them."""
    # BEGIN SOLUTION: as warp_max; about 5 lines
    distance = 1
    while distance < TILE:
        value += cuda.shfl_xor_sync(EVERYONE, value, distance)
        distance *= 2
    return value
    # END SOLUTION


@cuda.jit(device=True)
def weight(x, top):
    """Return exp(x - top), and 0 for x = -inf whatever top is."""
    # BEGIN SOLUTION: -inf - -inf is NaN; about 3 lines
    if x == float32(-math.inf):
        return float32(0)
    return math.exp(x - top)
    # END SOLUTION


@cuda.jit(device=True)
def load_rows(tile, x, first, stop):
    """Copy the TILE rows of x from first on into a tile, a warp each; zeros from row stop on."""
    # BEGIN SOLUTION: neighbouring lanes, neighbouring features; about 3 lines
    row = first + cuda.threadIdx.y
    for f in range(cuda.threadIdx.x, x.shape[1], TILE):
        tile[cuda.threadIdx.y, f] = x[row, f] if row < stop else float32(0)
    # END SOLUTION


@cuda.jit(device=True)
def dot_rows(one, one_row, other, other_row, width):
    """Return the product of a row of one tile with a row of another."""
    # BEGIN SOLUTION: about 4 lines
    total = float32(0)
    for f in range(width):
        total += one[one_row, f] * other[other_row, f]
    return total
    # END SOLUTION


@cuda.jit(device=True)
def keys_seen(query, queries, keys, causal):
    """Return how many of the keys a query sees, the first ones; the last query sees all."""
    # BEGIN SOLUTION: it may be none; about 3 lines
    if causal:
        return min(keys, max(0, query + 1 + keys - queries))
    return keys
    # END SOLUTION


@cuda.jit(device=True)
def clear(sums):
    """Set a lane's features of sums to zero."""
    # BEGIN SOLUTION: about 2 lines
    for part in range(PARTS):
        sums[part] = float32(0)
    # END SOLUTION


@cuda.jit(device=True)
def accumulate(sums, weights, tile, width):
    """Add to a lane's features of sums the rows of the tile, weighted with those of its warp."""
    # BEGIN SOLUTION: about 7 lines
    for part in range(PARTS):
        f = cuda.threadIdx.x + part * TILE
        if f < width:
            total = float32(0)
            for row in range(TILE):
                total += weights[cuda.threadIdx.y, row] * tile[row, f]
            sums[part] += total
    # END SOLUTION


@cuda.jit(device=True)
def store_row(out, row, sums, scale):
    """Write a row of out, scale * sums, a lane its features; rows behind the last are left out."""
    # BEGIN SOLUTION: about 4 lines
    for part in range(PARTS):
        f = cuda.threadIdx.x + part * TILE
        if row < out.shape[0] and f < out.shape[1]:
            out[row, f] = scale * sums[part]
    # END SOLUTION


@cuda.jit
def flash_forward(o, lse, q, k, v, scale, causal):
    """A block computes o and lse for TILE queries, reading k and v once, a tile at a time."""
    # BEGIN SOLUTION: what is summed up so far is scaled anew when the maximum grows; about 35 lines
    q_tile = cuda.shared.array((TILE, PITCH), float32)
    k_tile = cuda.shared.array((TILE, PITCH), float32)
    v_tile = cuda.shared.array((TILE, PITCH), float32)
    weights = cuda.shared.array((TILE, TILE), float32)
    sums = cuda.local.array(PARTS, float32)
    lane, warp = cuda.threadIdx.x, cuda.threadIdx.y
    queries, keys, width = q.shape[0], k.shape[0], q.shape[1]
    first = cuda.blockIdx.x * TILE
    seen = keys_seen(first + warp, queries, keys, causal)
    seen_by_any = keys_seen(min(first + TILE, queries) - 1, queries, keys, causal)
    load_rows(q_tile, q, first, queries)
    clear(sums)
    top, total = float32(-math.inf), float32(0)
    for start in range(0, seen_by_any, TILE):
        load_rows(k_tile, k, start, seen_by_any)
        load_rows(v_tile, v, start, seen_by_any)
        cuda.syncthreads()
        score = float32(scale) * dot_rows(q_tile, warp, k_tile, lane, width)
        if start + lane >= seen:
            score = float32(-math.inf)
        higher = max(top, warp_max(score))
        keep = weight(top, higher)
        mine = weight(score, higher)
        weights[warp, lane] = mine
        total = total * keep + mine  # of this lane's keys only, until the end
        for part in range(PARTS):
            sums[part] *= keep
        top = higher
        cuda.syncwarp()
        accumulate(sums, weights, v_tile, width)
        cuda.syncthreads()
    total = warp_sum(total)
    store_row(o, first + warp, sums, float32(1) / total if seen > 0 else float32(0))
    if lane == 0 and first + warp < queries:
        lse[first + warp] = top + math.log(total) if seen > 0 else float32(-math.inf)
    # END SOLUTION


def tiles_of(rows):
    """Return how many tiles cover so many rows; a grid has at least one block."""
    # BEGIN SOLUTION: about 1 line
    return max(1, (rows + TILE - 1) // TILE)
    # END SOLUTION


def flash_forward_launch(shapes):
    """Return one launch with a block for each tile of queries."""
    # BEGIN SOLUTION: about 2 lines
    names = ("o", "lse", "q", "k", "v", "scale", "causal")
    return [Launch(flash_forward, tiles_of(shapes["q"][0]), (TILE, TILE), names)]
    # END SOLUTION


@cuda.jit(device=True)
def dot_features(one, other, row):
    """Return the product of a row of one array with the same row of another, to all lanes."""
    # BEGIN SOLUTION: about 5 lines
    mine = float32(0)
    if row < one.shape[0]:
        for f in range(cuda.threadIdx.x, one.shape[1], TILE):
            mine += one[row, f] * other[row, f]
    return warp_sum(mine)
    # END SOLUTION


@cuda.jit
def query_gradient(dq, delta, do, o, lse, q, k, v, scale, causal):
    """A block computes dq for TILE queries, and for each its delta, the product of do and o."""
    # BEGIN SOLUTION: the weights are exp(score - lse): no maximum, no sum; about 31 lines
    q_tile = cuda.shared.array((TILE, PITCH), float32)
    do_tile = cuda.shared.array((TILE, PITCH), float32)
    k_tile = cuda.shared.array((TILE, PITCH), float32)
    v_tile = cuda.shared.array((TILE, PITCH), float32)
    gradients = cuda.shared.array((TILE, TILE), float32)  # of the scores
    sums = cuda.local.array(PARTS, float32)
    lane, warp = cuda.threadIdx.x, cuda.threadIdx.y
    queries, keys, width = q.shape[0], k.shape[0], q.shape[1]
    first = cuda.blockIdx.x * TILE
    query = first + warp
    seen = keys_seen(query, queries, keys, causal)
    seen_by_any = keys_seen(min(first + TILE, queries) - 1, queries, keys, causal)
    load_rows(q_tile, q, first, queries)
    load_rows(do_tile, do, first, queries)
    clear(sums)
    product = dot_features(do, o, query)
    log_sum = lse[query] if query < queries else float32(0)
    for start in range(0, seen_by_any, TILE):
        load_rows(k_tile, k, start, seen_by_any)
        load_rows(v_tile, v, start, seen_by_any)
        cuda.syncthreads()
        score = float32(scale) * dot_rows(q_tile, warp, k_tile, lane, width)
        share = math.exp(score - log_sum) if start + lane < seen else float32(0)
        upstream = dot_rows(do_tile, warp, v_tile, lane, width)
        gradients[warp, lane] = share * (upstream - product)
        cuda.syncwarp()
        accumulate(sums, gradients, k_tile, width)
        cuda.syncthreads()
    store_row(dq, query, sums, float32(scale))
    if lane == 0 and query < queries:
        delta[query] = product
    # END SOLUTION


@cuda.jit
def key_gradients(dk, dv, delta, do, lse, q, k, v, scale, causal):
    """A block computes dk and dv for TILE keys; here a warp serves a key, its lanes the queries."""
    # BEGIN SOLUTION: as query_gradient with the roles changed, so nothing is atomic; about 40 lines
    k_tile = cuda.shared.array((TILE, PITCH), float32)
    v_tile = cuda.shared.array((TILE, PITCH), float32)
    q_tile = cuda.shared.array((TILE, PITCH), float32)
    do_tile = cuda.shared.array((TILE, PITCH), float32)
    weights = cuda.shared.array((TILE, TILE), float32)
    gradients = cuda.shared.array((TILE, TILE), float32)
    logs = cuda.shared.array(TILE, float32)
    products = cuda.shared.array(TILE, float32)
    dk_sums = cuda.local.array(PARTS, float32)
    dv_sums = cuda.local.array(PARTS, float32)
    lane, warp = cuda.threadIdx.x, cuda.threadIdx.y
    queries, keys, width = q.shape[0], k.shape[0], q.shape[1]
    first = cuda.blockIdx.x * TILE
    key = first + warp
    load_rows(k_tile, k, first, keys)
    load_rows(v_tile, v, first, keys)
    clear(dk_sums)
    clear(dv_sums)
    first_query = max(0, first + queries - keys) if causal else 0
    for start in range(first_query, queries, TILE):
        load_rows(q_tile, q, start, queries)
        load_rows(do_tile, do, start, queries)
        query = start + lane
        if warp == 0 and query < queries:
            logs[lane], products[lane] = lse[query], delta[query]
        cuda.syncthreads()
        share, gradient = float32(0), float32(0)
        score = float32(scale) * dot_rows(k_tile, warp, q_tile, lane, width)
        upstream = dot_rows(v_tile, warp, do_tile, lane, width)
        if query < queries and key < keys_seen(query, queries, keys, causal):
            share = math.exp(score - logs[lane])
            gradient = share * (upstream - products[lane])
        weights[warp, lane] = share
        gradients[warp, lane] = gradient
        cuda.syncwarp()
        accumulate(dv_sums, weights, do_tile, width)
        accumulate(dk_sums, gradients, q_tile, width)
        cuda.syncthreads()
    store_row(dk, key, dk_sums, float32(scale))
    store_row(dv, key, dv_sums, float32(1))
    # END SOLUTION


def flash_backward_launch(shapes):
    """Return a launch for dq, then one for dk and dv; between them delta is scratch memory."""
    # BEGIN SOLUTION: about 8 lines
    queries, keys = shapes["q"][0], shapes["k"][0]
    delta = scratch(queries, np.float32)
    query_names = ("dq", delta, "do", "o", "lse", "q", "k", "v", "scale", "causal")
    key_names = ("dk", "dv", delta, "do", "lse", "q", "k", "v", "scale", "causal")
    return [
        Launch(query_gradient, tiles_of(queries), (TILE, TILE), query_names),
        Launch(key_gradients, tiles_of(keys), (TILE, TILE), key_names),
    ]
    # END SOLUTION

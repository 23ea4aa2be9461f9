"""Attention of one head in tiles: the matrix of scores never exists in global memory.

A block is TILE x WARPS threads. Its lanes are *queries* (in key_gradients: keys), one each, and its
warps share the keys of a tile among them, and later the features of the result: warp w takes w, w +
WARPS, w + 2 WARPS, … So a lane reads its own row of one tile (the pitch is odd: no conflicts), and
all lanes of a warp the same element of the other. What a lane needs from the other warps (maxima,
weights) goes through shared memory; no lane ever asks another one, so nothing is shuffled.
"""

import math

import numpy as np
from numba import cuda, float32

from labkit.gpu import Launch, scratch

TILE = 32  # queries of a block, keys of a tile, and threads of a warp
WARPS = 8
WIDTH = 64  # the greatest number of features
PITCH = WIDTH + 1  # of a tile of which each lane reads its own row
SHARE = TILE // WARPS  # keys of a tile that a warp takes
PARTS = WIDTH // WARPS  # features of the result that a warp takes


@cuda.jit(device=True)
def weight(x, top):
    """Return exp(x - top), and 0 for x = -inf whatever top is."""
    if x == -math.inf:
        return float32(0)
    return math.exp(x - top)


@cuda.jit(device=True)
def load_rows(tile, x, first):
    """Copy the TILE rows of x from first on into a tile, a warp each; zeros behind the last row."""
    for r in range(cuda.threadIdx.y, TILE, WARPS):
        for f in range(cuda.threadIdx.x, x.shape[1], TILE):
            value = float32(0)
            if first + r < x.shape[0]:
                value = x[first + r, f]
            tile[r, f] = value


@cuda.jit(device=True)
def store_rows(out, tile, first):
    """Copy a tile to the rows of out from first on; what is behind the last row is left out."""
    for r in range(cuda.threadIdx.y, TILE, WARPS):
        if first + r < out.shape[0]:
            for f in range(cuda.threadIdx.x, out.shape[1], TILE):
                out[first + r, f] = tile[r, f]


@cuda.jit(device=True)
def dot_rows(products, own, others, width):
    """Let products be those of the lane's row of own with the SHARE rows of its warp of others."""
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    for j in range(SHARE):
        products[j] = float32(0)
    for f in range(width):
        value = own[x, f]
        for j in range(SHARE):
            products[j] += value * others[y + j * WARPS, f]


@cuda.jit(device=True)
def clear(sums):
    """Set a thread's features of sums to zero."""
    for j in range(PARTS):
        sums[j] = float32(0)


@cuda.jit(device=True)
def accumulate(sums, weights, tile, width):
    """Add to a thread's features of sums the rows of the tile, with the weights of its lane."""
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    for r in range(TILE):
        share = weights[r, x]
        for j in range(PARTS):
            f = y + j * WARPS
            if f < width:
                sums[j] += share * tile[r, f]


@cuda.jit(device=True)
def spread(tile, sums, scale, width):
    """Write a thread's features of sums, times scale, into the row of its lane of a tile."""
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    for j in range(PARTS):
        f = y + j * WARPS
        if f < width:
            tile[x, f] = sums[j] * scale


@cuda.jit(device=True)
def keys_seen(query, queries, keys, causal):
    """Return how many of the keys a query sees, the first ones; the last query sees all."""
    if causal:
        return min(max(query + 1 + keys - queries, 0), keys)
    return keys


@cuda.jit
def flash_forward(o, lse, q, k, v, scale, causal):
    """A block computes o and lse for TILE queries, reading k and v once, a tile at a time."""
    own = cuda.shared.array((TILE, PITCH), float32)
    keys = cuda.shared.array((TILE, WIDTH), float32)
    values = cuda.shared.array((TILE, WIDTH), float32)
    weights = cuda.shared.array((TILE, TILE), float32)  # [key, query]
    gathered = cuda.shared.array((WARPS, TILE), float32)  # of each warp, for each query
    scores = cuda.local.array(SHARE, float32)
    sums = cuda.local.array(PARTS, float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    first = cuda.blockIdx.x * TILE
    n, m, width = q.shape[0], k.shape[0], q.shape[1]
    factor = float32(scale)
    seen = keys_seen(first + x, n, m, causal)
    needed = keys_seen(min(first + TILE, n) - 1, n, m, causal)
    top, total = float32(-math.inf), float32(0)  # total: of the keys of this warp
    clear(sums)
    load_rows(own, q, first)
    for start in range(0, needed, TILE):
        load_rows(keys, k, start)
        load_rows(values, v, start)
        cuda.syncthreads()
        dot_rows(scores, own, keys, width)
        highest = float32(-math.inf)
        for j in range(SHARE):
            if start + y + j * WARPS < seen:
                scores[j] *= factor
            else:
                scores[j] = float32(-math.inf)
            highest = max(highest, scores[j])
        gathered[y, x] = highest
        cuda.syncthreads()
        higher = top
        for w in range(WARPS):
            higher = max(higher, gathered[w, x])
        keep = weight(top, higher)
        top = higher
        total *= keep
        for j in range(PARTS):
            sums[j] *= keep
        for j in range(SHARE):
            share = weight(scores[j], top)
            total += share
            weights[y + j * WARPS, x] = share
        cuda.syncthreads()
        accumulate(sums, weights, values, width)
        cuda.syncthreads()
    gathered[y, x] = total
    cuda.syncthreads()
    total = float32(0)
    for w in range(WARPS):
        total += gathered[w, x]
    inverse, logarithm = float32(0), float32(-math.inf)
    if total > float32(0):
        inverse = float32(1) / total
        logarithm = top + math.log(total)
    spread(own, sums, inverse, width)
    cuda.syncthreads()
    store_rows(o, own, first)
    if y == 0 and first + x < n:
        lse[first + x] = logarithm


def tiles_of(rows):
    """Return how many tiles cover so many rows; a grid has at least one block."""
    return max(1, -(-rows // TILE))


def flash_forward_launch(shapes):
    """Return one launch with a block for each tile of queries; none where there is no query."""
    if shapes["q"][0] == 0:
        return []
    args = ["o", "lse", "q", "k", "v", "scale", "causal"]
    return [Launch(flash_forward, tiles_of(shapes["q"][0]), (TILE, WARPS), args)]


@cuda.jit
def query_gradient(dq, delta, do, o, lse, q, k, v, scale, causal):
    """A block computes dq for TILE queries, and for each its delta, the product of do and o."""
    own = cuda.shared.array((TILE, PITCH), float32)
    upstream = cuda.shared.array((TILE, PITCH), float32)
    keys = cuda.shared.array((TILE, PITCH), float32)  # before: o
    values = cuda.shared.array((TILE, WIDTH), float32)
    slopes = cuda.shared.array((TILE, TILE), float32)  # [key, query]
    parts = cuda.shared.array((WARPS, TILE), float32)
    norms = cuda.shared.array(TILE, float32)
    scores = cuda.local.array(SHARE, float32)
    gains = cuda.local.array(SHARE, float32)
    sums = cuda.local.array(PARTS, float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    first = cuda.blockIdx.x * TILE
    n, m, width = q.shape[0], k.shape[0], q.shape[1]
    factor = float32(scale)
    seen = keys_seen(first + x, n, m, causal)
    needed = keys_seen(min(first + TILE, n) - 1, n, m, causal)
    load_rows(own, q, first)
    load_rows(upstream, do, first)
    load_rows(keys, o, first)
    if y == 0:
        norm = float32(0)
        if first + x < n:
            norm = lse[first + x]
        norms[x] = norm
    cuda.syncthreads()
    part = float32(0)
    for f in range(y, width, WARPS):
        part += upstream[x, f] * keys[x, f]
    parts[y, x] = part
    cuda.syncthreads()
    mine, norm = float32(0), norms[x]
    for w in range(WARPS):
        mine += parts[w, x]
    if y == 0 and first + x < n:
        delta[first + x] = mine
    clear(sums)
    for start in range(0, needed, TILE):
        load_rows(keys, k, start)
        load_rows(values, v, start)
        cuda.syncthreads()
        dot_rows(scores, own, keys, width)
        dot_rows(gains, upstream, values, width)
        for j in range(SHARE):
            slope = float32(0)
            if start + y + j * WARPS < seen:
                slope = math.exp(scores[j] * factor - norm) * (gains[j] - mine)
            slopes[y + j * WARPS, x] = slope
        cuda.syncthreads()
        accumulate(sums, slopes, keys, width)
        cuda.syncthreads()
    spread(own, sums, factor, width)
    cuda.syncthreads()
    store_rows(dq, own, first)


@cuda.jit
def key_gradients(dk, dv, delta, do, lse, q, k, v, scale, causal):
    """A block computes dk and dv for TILE keys; here the lanes are keys, and queries go by."""
    own = cuda.shared.array((TILE, PITCH), float32)  # k
    own_values = cuda.shared.array((TILE, PITCH), float32)
    queries = cuda.shared.array((TILE, WIDTH), float32)
    upstream = cuda.shared.array((TILE, WIDTH), float32)
    slopes = cuda.shared.array((TILE, TILE), float32)  # [query, key]
    weights = cuda.shared.array((TILE, TILE), float32)
    norms = cuda.shared.array(TILE, float32)
    deltas = cuda.shared.array(TILE, float32)
    scores = cuda.local.array(SHARE, float32)
    gains = cuda.local.array(SHARE, float32)
    of_keys = cuda.local.array(PARTS, float32)
    of_values = cuda.local.array(PARTS, float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    first = cuda.blockIdx.x * TILE
    n, m, width = q.shape[0], k.shape[0], q.shape[1]
    factor = float32(scale)
    begin = 0
    if causal:  # the first query that sees key `first`, and back to the beginning of its tile
        begin = max(first + n - m, 0) // TILE * TILE
    clear(of_keys)
    clear(of_values)
    load_rows(own, k, first)
    load_rows(own_values, v, first)
    for start in range(begin, n, TILE):
        load_rows(queries, q, start)
        load_rows(upstream, do, start)
        if y == 0:
            norm, product = float32(0), float32(0)
            if start + x < n:
                norm, product = lse[start + x], delta[start + x]
            norms[x] = norm
            deltas[x] = product
        cuda.syncthreads()
        dot_rows(scores, own, queries, width)
        dot_rows(gains, own_values, upstream, width)
        for j in range(SHARE):
            r = y + j * WARPS
            share, slope = float32(0), float32(0)
            if start + r < n and first + x < keys_seen(start + r, n, m, causal):
                share = math.exp(scores[j] * factor - norms[r])
                slope = share * (gains[j] - deltas[r])
            weights[r, x] = share
            slopes[r, x] = slope
        cuda.syncthreads()
        accumulate(of_values, weights, upstream, width)
        accumulate(of_keys, slopes, queries, width)
        cuda.syncthreads()
    cuda.syncthreads()  # there may have been no query, so no barrier in the loop
    spread(own, of_keys, factor, width)
    spread(own_values, of_values, float32(1), width)
    cuda.syncthreads()
    store_rows(dk, own, first)
    store_rows(dv, own_values, first)


def flash_backward_launch(shapes):
    """Return a launch for dq, then one for dk and dv; between them delta is scratch memory."""
    n, m = shapes["q"][0], shapes["k"][0]
    delta = scratch(max(1, n), np.float32)
    block = (TILE, WARPS)
    args = ["dq", delta, "do", "o", "lse", "q", "k", "v", "scale", "causal"]
    first = Launch(query_gradient, tiles_of(n), block, args)
    args = ["dk", "dv", delta, "do", "lse", "q", "k", "v", "scale", "causal"]
    second = Launch(key_gradients, tiles_of(m), block, args)
    return [first, second] if n > 0 else [second]

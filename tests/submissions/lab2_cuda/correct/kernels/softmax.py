"""Softmax of rows, online: one pass finds the maximum and the sum together, one writes."""

import math

from numba import cuda, float32

from labkit.gpu import Launch

THREADS = 64


@cuda.jit(device=True)
def weight(x, top):
    """Return exp(x - top), and 0 for x = -inf whatever top is."""
    if x == -math.inf:
        return float32(0)
    return math.exp(x - top)


@cuda.jit
def softmax_rows(out, x):
    """A block computes the softmax of one row; a row of only -inf gives zeros."""
    tops = cuda.shared.array(THREADS, float32)
    totals = cuda.shared.array(THREADS, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    top, total = float32(-math.inf), float32(0)
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        if value > top:
            total = total * weight(top, value) + float32(1)
            top = value
        else:
            total += weight(value, top)
    tops[t] = top
    totals[t] = total
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if t < half:
            other = tops[t + half]
            higher = max(top, other)
            total = total * weight(top, higher) + totals[t + half] * weight(other, higher)
            top = higher
            tops[t] = top
            totals[t] = total
        half //= 2
    cuda.syncthreads()
    top, total = tops[0], totals[0]
    share = float32(0)
    if total > float32(0):
        share = float32(1) / total
    for col in range(t, x.shape[1], THREADS):
        out[row, col] = weight(x[row, col], top) * share


def softmax_rows_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    rows = shapes["x"][0]
    return [Launch(softmax_rows, rows, THREADS, ["out", "x"])] if rows > 0 else []

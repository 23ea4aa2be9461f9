"""Six kernels of different kinds, which both the virtual GPU and Numba's simulator run."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cuda, float32

T = 16
WIDE = 128


@cuda.jit
def elementwise(out, x, y, alpha):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = alpha * x[i] + y[i]


@cuda.jit
def transpose(out, x):
    tile = cuda.shared.array((T, T + 1), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    across, down = cuda.blockIdx.x * T, cuda.blockIdx.y * T
    if down + ty < x.shape[0] and across + tx < x.shape[1]:
        tile[ty, tx] = x[down + ty, across + tx]
    cuda.syncthreads()
    if across + ty < out.shape[0] and down + tx < out.shape[1]:
        out[across + ty, down + tx] = tile[tx, ty]


@cuda.jit
def reduction(out, x):
    part = cuda.shared.array(WIDE, float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    part[t] = x[i] if i < x.size else float32(0)
    cuda.syncthreads()
    half = WIDE // 2
    while half > 0:
        if t < half:
            part[t] += part[t + half]
        cuda.syncthreads()
        half //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def scan(out, x):
    data = cuda.shared.array((2, WIDE), float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    data[0, t] = x[i]
    here, step = 0, 1
    cuda.syncthreads()
    while step < WIDE:
        there = 1 - here
        if t >= step:
            data[there, t] = data[here, t] + data[here, t - step]
        else:
            data[there, t] = data[here, t]
        here = there
        step *= 2
        cuda.syncthreads()
    out[i] = data[here, t]


@cuda.jit
def softmax(out, x):
    row = cuda.grid(1)
    if row < x.shape[0]:
        top, total = x[row, 0], float32(0)
        for k in range(x.shape[1]):
            higher = max(top, x[row, k])
            total = total * math.exp(top - higher) + math.exp(x[row, k] - higher)
            top = higher
        for k in range(x.shape[1]):
            out[row, k] = math.exp(x[row, k] - top) / total


@cuda.jit
def matmul(out, a, b):
    left = cuda.shared.array((T, T), float32)
    right = cuda.shared.array((T, T), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    row, col = cuda.blockIdx.y * T + ty, cuda.blockIdx.x * T + tx
    total = float32(0)
    for start in range(0, a.shape[1], T):
        left[ty, tx] = float32(0)
        right[ty, tx] = float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            left[ty, tx] = a[row, start + tx]
        if start + ty < b.shape[0] and col < b.shape[1]:
            right[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(T):
            total += left[ty, k] * right[k, tx]
        cuda.syncthreads()
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = total


def _floats(*shape: int) -> Any:
    return np.random.default_rng().normal(size=shape).astype(np.float32)


def matmul_launch(n: int) -> tuple[Any, Any, list[Any]]:
    """Return grid, block and fresh arguments of a product of two n x n matrices."""
    blocks = -(-n // T)
    arrays = [np.zeros((n, n), np.float32), _floats(n, n), _floats(n, n)]
    return (blocks, blocks), (T, T), arrays


LAUNCHES: dict[str, Callable[[], tuple[Any, Any, list[Any]]]] = {
    "elementwise": lambda: (
        *(32, WIDE),
        [np.zeros(4096, np.float32), _floats(4096), _floats(4096), np.float32(2)],
    ),
    "transpose": lambda: ((4, 4), (T, T), [np.zeros((64, 64), np.float32), _floats(64, 64)]),
    "reduction": lambda: (32, WIDE, [np.zeros(32, np.float32), _floats(4096)]),
    "scan": lambda: (32, WIDE, [np.zeros(4096, np.float32), _floats(4096)]),
    "softmax": lambda: (2, WIDE, [np.zeros((256, 64), np.float32), _floats(256, 64)]),
    "matmul": lambda: matmul_launch(64),
}

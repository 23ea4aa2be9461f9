"""Layer normalization of rows, forward and backward, and RMSNorm."""

import math

from numba import cuda, float32

from labkit.gpu import Launch

THREADS = 128
COLUMNS = 32  # of a block that sums down columns: a warp is so many neighbours of one row
GROUPS = 8  # of rows in such a block


@cuda.jit(device=True)
def block_sum(values, mine, t):
    """Return the sum over the block of mine; all threads call it, values is shared memory."""
    values[t] = mine
    half = THREADS // 2
    while half > 0:
        cuda.syncthreads()
        if t < half:
            mine += values[t + half]
            values[t] = mine
        half //= 2
    cuda.syncthreads()
    total = values[0]
    cuda.syncthreads()
    return total


@cuda.jit(device=True)
def row_moments(x, row, t):
    """Return mean and variance of a row, which is read once; all threads of the block call it.

    Each thread has mean and squares of its own columns (Welford), counted from its first one. Then
    means are compared with a mean that is roughly right, so no large numbers are summed up.
    """
    values = cuda.shared.array(THREADS, float32)
    width = float32(x.shape[1])
    count, origin, mean, square = float32(0), float32(0), float32(0), float32(0)
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        if count == float32(0):
            origin = value
        value -= origin
        count += float32(1)
        delta = value - mean
        mean += delta / count
        square += delta * (value - mean)
    rough = block_sum(values, count * ((origin + mean) / width), t)
    away = (origin - rough) + mean
    shift = block_sum(values, count * away, t) / width
    away -= shift
    variance = block_sum(values, square + count * away * away, t) / width
    return rough + shift, variance


@cuda.jit
def layernorm_forward(y, mean, rstd, x, gamma, beta, eps):
    """A block normalizes one row, and keeps its mean and 1 / sqrt(variance + eps)."""
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    center, variance = row_moments(x, row, t)
    scale = float32(1) / math.sqrt(variance + float32(eps))
    if t == 0:
        mean[row] = center
        rstd[row] = scale
    for col in range(t, x.shape[1], THREADS):
        y[row, col] = (x[row, col] - center) * scale * gamma[col] + beta[col]


def layernorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    rows = shapes["x"][0]
    if rows == 0:
        return []
    args = ["y", "mean", "rstd", "x", "gamma", "beta", "eps"]
    return [Launch(layernorm_forward, rows, THREADS, args)]


@cuda.jit
def input_gradient(dx, dy, x, mean, rstd, gamma):
    """A block computes one row of dx from two means over the row."""
    values = cuda.shared.array(THREADS, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    center, scale, width = mean[row], rstd[row], float32(x.shape[1])
    plain, crossed = float32(0), float32(0)
    for col in range(t, x.shape[1], THREADS):
        g = dy[row, col] * gamma[col]
        plain += g
        crossed += g * ((x[row, col] - center) * scale)
    plain = block_sum(values, plain, t) / width
    crossed = block_sum(values, crossed, t) / width
    for col in range(t, x.shape[1], THREADS):
        normal = (x[row, col] - center) * scale
        dx[row, col] = scale * (dy[row, col] * gamma[col] - plain - normal * crossed)


@cuda.jit
def column_gradients(dgamma, dbeta, dy, x, mean, rstd):
    """A block sums up COLUMNS columns over all rows: each warp every GROUPS-th row, then a tree."""
    gammas = cuda.shared.array((GROUPS, COLUMNS), float32)
    betas = cuda.shared.array((GROUPS, COLUMNS), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col = cuda.blockIdx.x * COLUMNS + tx
    of_gamma, of_beta = float32(0), float32(0)
    if col < x.shape[1]:
        for row in range(ty, x.shape[0], GROUPS):
            up = dy[row, col]
            of_beta += up
            of_gamma += up * ((x[row, col] - mean[row]) * rstd[row])
    gammas[ty, tx] = of_gamma
    betas[ty, tx] = of_beta
    half = GROUPS // 2
    while half > 0:
        cuda.syncthreads()
        if ty < half:
            gammas[ty, tx] += gammas[ty + half, tx]
            betas[ty, tx] += betas[ty + half, tx]
        half //= 2
    if ty == 0 and col < x.shape[1]:
        dgamma[col] = gammas[0, tx]
        dbeta[col] = betas[0, tx]


def layernorm_backward_launch(shapes):
    """Return the launch for dx, if there are rows, and the one for dgamma and dbeta."""
    rows, cols = shapes["x"]
    blocks = max(1, -(-cols // COLUMNS))
    args = ["dgamma", "dbeta", "dy", "x", "mean", "rstd"]
    launches = [Launch(column_gradients, blocks, (COLUMNS, GROUPS), args)]
    if rows > 0:
        args = ["dx", "dy", "x", "mean", "rstd", "gamma"]
        launches.append(Launch(input_gradient, rows, THREADS, args))
    return launches


@cuda.jit
def rmsnorm_forward(y, x, gamma, eps):
    """A block divides one row by the root of the mean of its squares, and scales it by gamma."""
    values = cuda.shared.array(THREADS, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    squares = float32(0)
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        squares += value * value
    squares = block_sum(values, squares, t) / float32(x.shape[1])
    scale = float32(1) / math.sqrt(squares + float32(eps))
    for col in range(t, x.shape[1], THREADS):
        y[row, col] = x[row, col] * scale * gamma[col]


def rmsnorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    rows = shapes["x"][0]
    return [Launch(rmsnorm_forward, rows, THREADS, ["y", "x", "gamma", "eps"])] if rows > 0 else []

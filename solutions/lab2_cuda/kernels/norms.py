"""Layer normalization of rows, forward and backward, and RMSNorm."""

import math

import numpy as np
from numba import cuda, float32

from labkit.gpu import Launch, scratch

THREADS = 128
CHUNK = 32  # rows whose gradients one thread adds up, in layernorm_backward


@cuda.jit(device=True)
def block_sum(values, mine, t):
    """Return the sum over the block of mine; all threads call it, values is shared memory."""
    # BEGIN SOLUTION: values may be used again right after; about 11 lines
    values[t] = mine
    cuda.syncthreads()
    half = THREADS // 2
    while half > 0:
        if t < half:
            values[t] += values[t + half]
        cuda.syncthreads()
        half //= 2
    total = values[0]
    cuda.syncthreads()
    return total
    # END SOLUTION


@cuda.jit(device=True)
def row_moments(x, row, t):
    """Return mean and variance of a row, which is read once; all threads of the block call it."""
    # BEGIN SOLUTION: Welford in each thread, then Chan et al. for pairs of threads; about 25 lines
    counts = cuda.shared.array(THREADS, float32)
    means = cuda.shared.array(THREADS, float32)
    squares = cuda.shared.array(THREADS, float32)  # sums of squared distances from the mean
    count, mean, square = float32(0), float32(0), float32(0)
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        count += float32(1)
        delta = value - mean
        mean += delta / count
        square += delta * (value - mean)
    counts[t], means[t], squares[t] = count, mean, square
    cuda.syncthreads()
    half = THREADS // 2
    while half > 0:
        if t < half and counts[t + half] > float32(0):
            both = count + counts[t + half]
            share = counts[t + half] / both
            delta = means[t + half] - mean
            mean += delta * share
            square += squares[t + half] + delta * delta * count * share
            count = both
            counts[t], means[t], squares[t] = count, mean, square
        cuda.syncthreads()
        half //= 2
    return means[0], squares[0] / counts[0]
    # END SOLUTION


@cuda.jit
def layernorm_forward(y, mean, rstd, x, gamma, beta, eps):
    """A block normalizes one row, and keeps its mean and 1 / sqrt(variance + eps)."""
    # BEGIN SOLUTION: about 8 lines
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    center, variance = row_moments(x, row, t)
    scale = float32(1) / math.sqrt(variance + float32(eps))
    for col in range(t, x.shape[1], THREADS):
        y[row, col] = (x[row, col] - center) * scale * gamma[col] + beta[col]
    if t == 0:
        mean[row] = center
        rstd[row] = scale
    # END SOLUTION


def layernorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    # BEGIN SOLUTION: about 3 lines
    rows = shapes["x"][0]
    names = ("y", "mean", "rstd", "x", "gamma", "beta", "eps")
    return [Launch(layernorm_forward, rows, THREADS, names)] if rows > 0 else []
    # END SOLUTION


@cuda.jit
def input_gradient(dx, dy, x, mean, rstd, gamma):
    """A block computes one row of dx from two means over the row."""
    # BEGIN SOLUTION: the means of g = dy * gamma and of g * (x - mean) * rstd; about 14 lines
    values = cuda.shared.array(THREADS, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    center, scale, width = mean[row], rstd[row], float32(x.shape[1])
    sum_g, sum_gx = float32(0), float32(0)
    for col in range(t, x.shape[1], THREADS):
        g = dy[row, col] * gamma[col]
        sum_g += g
        sum_gx += g * (x[row, col] - center) * scale
    mean_g = block_sum(values, sum_g, t) / width
    mean_gx = block_sum(values, sum_gx, t) / width
    for col in range(t, x.shape[1], THREADS):
        g = dy[row, col] * gamma[col]
        normal = (x[row, col] - center) * scale
        dx[row, col] = scale * (g - mean_g - normal * mean_gx)
    # END SOLUTION


@cuda.jit
def chunk_gradients(dgammas, dbetas, dy, x, mean, rstd):
    """Each thread adds up the gradients of one column, over a chunk of CHUNK rows."""
    # BEGIN SOLUTION: a warp reads neighbouring columns; about 9 lines
    col, chunk = cuda.grid(2)
    if col < x.shape[1]:
        dgamma, dbeta = float32(0), float32(0)
        for row in range(chunk * CHUNK, min((chunk + 1) * CHUNK, x.shape[0])):
            upstream = dy[row, col]
            dgamma += upstream * (x[row, col] - mean[row]) * rstd[row]
            dbeta += upstream
        dgammas[chunk, col] = dgamma
        dbetas[chunk, col] = dbeta
    # END SOLUTION


@cuda.jit
def add_chunks(dgamma, dbeta, dgammas, dbetas):
    """Each thread adds up the gradients of one column, over all chunks."""
    # BEGIN SOLUTION: about 8 lines
    col = cuda.grid(1)
    if col < dgamma.size:
        sum_gamma, sum_beta = float32(0), float32(0)
        for chunk in range(dgammas.shape[0]):
            sum_gamma += dgammas[chunk, col]
            sum_beta += dbetas[chunk, col]
        dgamma[col] = sum_gamma
        dbeta[col] = sum_beta
    # END SOLUTION


def layernorm_backward_launch(shapes):
    """Return the launches for dx, for dgamma and dbeta of chunks of rows, and for their sums."""
    # BEGIN SOLUTION: what the chunks give is scratch memory; about 14 lines
    rows, cols = shapes["x"]
    chunks = max(1, (rows + CHUNK - 1) // CHUNK)
    across = max(1, (cols + THREADS - 1) // THREADS)
    dgammas = scratch((chunks, cols), np.float32)
    dbetas = scratch((chunks, cols), np.float32)
    row_names = ("dx", "dy", "x", "mean", "rstd", "gamma")
    chunk_names = (dgammas, dbetas, "dy", "x", "mean", "rstd")
    sum_names = ("dgamma", "dbeta", dgammas, dbetas)
    launches = []
    if rows > 0:
        launches.append(Launch(input_gradient, rows, THREADS, row_names))
    launches.append(Launch(chunk_gradients, (across, chunks), THREADS, chunk_names))
    launches.append(Launch(add_chunks, across, THREADS, sum_names))
    return launches
    # END SOLUTION


@cuda.jit
def rmsnorm_forward(y, x, gamma, eps):
    """A block divides one row by the root of the mean of its squares, and scales it by gamma."""
    # BEGIN SOLUTION: about 10 lines
    values = cuda.shared.array(THREADS, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    squares = float32(0)
    for col in range(t, x.shape[1], THREADS):
        value = x[row, col]
        squares += value * value
    mean = block_sum(values, squares, t) / float32(x.shape[1])
    scale = float32(1) / math.sqrt(mean + float32(eps))
    for col in range(t, x.shape[1], THREADS):
        y[row, col] = x[row, col] * scale * gamma[col]
    # END SOLUTION


def rmsnorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    # BEGIN SOLUTION: about 2 lines
    rows = shapes["x"][0]
    return [Launch(rmsnorm_forward, rows, THREADS, ("y", "x", "gamma", "eps"))] if rows > 0 else []
    # END SOLUTION

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
    raise NotImplementedError("values may be used again right after; about 11 lines")


@cuda.jit(device=True)
def row_moments(x, row, t):
    """Return mean and variance of a row, which is read once; all threads of the block call it."""
    raise NotImplementedError("Welford in each thread, then Chan et al. for pairs of threads; about 25 lines")


@cuda.jit
def layernorm_forward(y, mean, rstd, x, gamma, beta, eps):
    """A block normalizes one row, and keeps its mean and 1 / sqrt(variance + eps)."""
    raise NotImplementedError("about 8 lines")


def layernorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    raise NotImplementedError("about 3 lines")


@cuda.jit
def input_gradient(dx, dy, x, mean, rstd, gamma):
    """A block computes one row of dx from two means over the row."""
    raise NotImplementedError("the means of g = dy * gamma and of g * (x - mean) * rstd; about 14 lines")


@cuda.jit
def chunk_gradients(dgammas, dbetas, dy, x, mean, rstd):
    """Each thread adds up the gradients of one column, over a chunk of CHUNK rows."""
    raise NotImplementedError("a warp reads neighbouring columns; about 9 lines")


@cuda.jit
def add_chunks(dgamma, dbeta, dgammas, dbetas):
    """Each thread adds up the gradients of one column, over all chunks."""
    raise NotImplementedError("about 8 lines")


def layernorm_backward_launch(shapes):
    """Return the launches for dx, for dgamma and dbeta of chunks of rows, and for their sums."""
    raise NotImplementedError("what the chunks give is scratch memory; about 14 lines")


@cuda.jit
def rmsnorm_forward(y, x, gamma, eps):
    """A block divides one row by the root of the mean of its squares, and scales it by gamma."""
    raise NotImplementedError("about 10 lines")


def rmsnorm_forward_launch(shapes):
    """Return one launch with a block for each row; none where there is no row."""
    raise NotImplementedError("about 2 lines")

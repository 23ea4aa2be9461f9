"""Matrix products c = a @ b, from a thread for each element to tiles of registers."""

import math

from numba import cuda, float32

from labkit.gpu import Launch

TILE = 16  # of matmul_tiled: a block of TILE x TILE threads computes as many elements
WIDE = 64  # of matmul_registers: a block computes WIDE x WIDE elements, DEPTH of k at a time
DEPTH = 16
EACH = 4  # a thread computes EACH x EACH elements, TILE rows and TILE columns apart
SQRT_HALF = 0.7071067811865476


def tiles_of(shape, size):
    """Return the grid that covers a matrix with square tiles; x runs along the columns."""
    raise NotImplementedError("about 2 lines")


@cuda.jit
def matmul_naive(c, a, b):
    """Each thread computes one element of c from a row of a and a column of b."""
    raise NotImplementedError("neighbouring threads, neighbouring columns; about 6 lines")


def matmul_naive_launch(shapes):
    """Return one launch with a thread for each element of c."""
    raise NotImplementedError("about 1 line")


@cuda.jit(device=True)
def tiled_element(a, b, row, col):
    """Return element (row, col) of a @ b; the block loads each tile of a and b once, together."""
    raise NotImplementedError("load, meet, multiply, meet; outside a and b there are zeros; about 15 lines")


@cuda.jit
def matmul_tiled(c, a, b):
    """A block of TILE x TILE threads computes one tile of c from tiles in shared memory."""
    raise NotImplementedError("threads outside c help to load, too; about 4 lines")


def matmul_tiled_launch(shapes):
    """Return one launch with a block for each tile of c."""
    raise NotImplementedError("about 1 line")


@cuda.jit(device=True)
def load_left(left, a, top, k):
    """The block copies WIDE rows of DEPTH elements, from a[top, k] on; zeros outside a."""
    raise NotImplementedError("half a warp for each row; about 4 lines")


@cuda.jit(device=True)
def load_right(right, b, k, start):
    """The block copies DEPTH rows of WIDE elements, from b[k, start] on; zeros outside b."""
    raise NotImplementedError("two warps a row: two half rows would meet in the same banks; about 5 lines")


@cuda.jit(device=True)
def multiply_tiles(sums, left, right):
    """Each thread adds the products of the two tiles to its EACH x EACH sums."""
    raise NotImplementedError("what is read from shared memory is used EACH times; about 9 lines")


@cuda.jit
def matmul_registers(c, a, b):
    """A block of TILE x TILE threads computes WIDE x WIDE elements, EACH x EACH in each thread."""
    raise NotImplementedError("the loop of matmul_tiled, around other tiles; about 19 lines")


def matmul_registers_launch(shapes):
    """Return one launch with a block for each WIDE x WIDE elements of c."""
    raise NotImplementedError("about 1 line")


@cuda.jit(device=True)
def gelu(x):
    """Return x * P(a standard normal number is less than x), in float32."""
    raise NotImplementedError("every literal 0.5 would make it float64; about 1 line")


@cuda.jit
def matmul_fused(c, a, b, bias, residual):
    """As matmul_tiled, but what is stored is gelu(a @ b + bias) + residual; bias is a row."""
    raise NotImplementedError("the sum is still in a register; about 4 lines")


def matmul_fused_launch(shapes):
    """Return one launch, as matmul_tiled has it."""
    raise NotImplementedError("about 2 lines")

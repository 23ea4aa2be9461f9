"""Matrix products c = a @ b, from a thread for each element to tiles of registers."""

import math

from numba import cuda, float32

from labkit.gpu import Launch

BLOCK = 32  # of matmul_naive: a warp is 32 columns of one row
TILE = 16  # of matmul_tiled: a block of TILE x TILE threads computes as many elements
WIDE = 64  # of matmul_registers: a block computes WIDE x WIDE elements, DEPTH of k at a time
DEPTH = 16
EACH = 4  # a thread computes EACH x EACH elements, TILE rows and TILE columns apart
PITCH = WIDE + 2  # of the left tile, which lies turned: 16 rows of it begin in 16 even banks
SQRT_HALF = 0.7071067811865476


def tiles_of(shape, size):
    """Return the grid that covers a matrix with square tiles; x runs along the columns."""
    rows, cols = shape
    return max(1, -(-cols // size)), max(1, -(-rows // size))


@cuda.jit
def matmul_naive(c, a, b):
    """Each thread computes one element of c from a row of a and a column of b."""
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = float32(0)
        for k in range(a.shape[1]):
            total += a[row, k] * b[k, col]
        c[row, col] = total


def matmul_naive_launch(shapes):
    """Return one launch with a thread for each element of c."""
    return [Launch(matmul_naive, tiles_of(shapes["c"], BLOCK), (BLOCK, BLOCK), ["c", "a", "b"])]


@cuda.jit(device=True)
def tiled_element(a, b, row, col):
    """Return element (row, col) of a @ b; the block loads each tile of a and b once, together.

    There are two tiles of each, filled in turn: so one barrier a step is enough.
    """
    left = cuda.shared.array((2, TILE, TILE), float32)
    right = cuda.shared.array((2, TILE, TILE), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    total = float32(0)
    side = 0
    for k in range(0, a.shape[1], TILE):
        of_a, of_b = float32(0), float32(0)
        if row < a.shape[0] and k + tx < a.shape[1]:
            of_a = a[row, k + tx]
        if k + ty < b.shape[0] and col < b.shape[1]:
            of_b = b[k + ty, col]
        left[side, ty, tx] = of_a
        right[side, ty, tx] = of_b
        cuda.syncthreads()
        for i in range(TILE):
            total += left[side, ty, i] * right[side, i, tx]
        side = 1 - side
    return total


@cuda.jit
def matmul_tiled(c, a, b):
    """A block of TILE x TILE threads computes one tile of c from tiles in shared memory."""
    col, row = cuda.grid(2)
    total = tiled_element(a, b, row, col)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total


def matmul_tiled_launch(shapes):
    """Return one launch with a block for each tile of c."""
    return [Launch(matmul_tiled, tiles_of(shapes["c"], TILE), (TILE, TILE), ["c", "a", "b"])]


@cuda.jit(device=True)
def load_left(left, a, top, k):
    """The block copies WIDE rows of DEPTH elements, turned, from a[top, k] on; zeros outside a."""
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    for r in range(ty, WIDE, TILE):
        value = float32(0)
        if top + r < a.shape[0] and k + tx < a.shape[1]:
            value = a[top + r, k + tx]
        left[tx, r] = value


@cuda.jit(device=True)
def load_right(right, b, k, start):
    """The block copies DEPTH rows of WIDE elements, from b[k, start] on; zeros outside b."""
    t = cuda.threadIdx.y * TILE + cuda.threadIdx.x
    c = t % WIDE
    for r in range(t // WIDE, DEPTH, TILE * TILE // WIDE):
        value = float32(0)
        if k + r < b.shape[0] and start + c < b.shape[1]:
            value = b[k + r, start + c]
        right[r, c] = value


@cuda.jit(device=True)
def multiply_tiles(sums, left, right):
    """Each thread adds the products of the two tiles to its EACH x EACH sums."""
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    for k in range(DEPTH):
        b0, b1 = right[k, tx], right[k, tx + TILE]
        b2, b3 = right[k, tx + 2 * TILE], right[k, tx + 3 * TILE]
        for i in range(EACH):
            value = left[k, ty + i * TILE]
            sums[i, 0] += value * b0
            sums[i, 1] += value * b1
            sums[i, 2] += value * b2
            sums[i, 3] += value * b3


@cuda.jit
def matmul_registers(c, a, b):
    """A block of TILE x TILE threads computes WIDE x WIDE elements, EACH x EACH in each thread."""
    left = cuda.shared.array((DEPTH, PITCH), float32)
    right = cuda.shared.array((DEPTH, WIDE), float32)
    sums = cuda.local.array((EACH, EACH), float32)
    for i in range(EACH):
        for j in range(EACH):
            sums[i, j] = float32(0)
    top, start = cuda.blockIdx.y * WIDE, cuda.blockIdx.x * WIDE
    for k in range(0, a.shape[1], DEPTH):
        load_left(left, a, top, k)
        load_right(right, b, k, start)
        cuda.syncthreads()
        multiply_tiles(sums, left, right)
        cuda.syncthreads()
    for i in range(EACH):
        row = top + cuda.threadIdx.y + i * TILE
        for j in range(EACH):
            col = start + cuda.threadIdx.x + j * TILE
            if row < c.shape[0] and col < c.shape[1]:
                c[row, col] = sums[i, j]


def matmul_registers_launch(shapes):
    """Return one launch with a block for each WIDE x WIDE elements of c."""
    return [Launch(matmul_registers, tiles_of(shapes["c"], WIDE), (TILE, TILE), ["c", "a", "b"])]


@cuda.jit(device=True)
def gelu(x):
    """Return x * P(a standard normal number is less than x), in float32."""
    return float32(0.5) * x * math.erfc(-x * float32(SQRT_HALF))


@cuda.jit
def matmul_fused(c, a, b, bias, residual):
    """As matmul_tiled, but what is stored is gelu(a @ b + bias) + residual; bias is a row."""
    col, row = cuda.grid(2)
    total = tiled_element(a, b, row, col)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = gelu(total + bias[col]) + residual[row, col]


def matmul_fused_launch(shapes):
    """Return one launch, as matmul_tiled has it."""
    args = ["c", "a", "b", "bias", "residual"]
    return [Launch(matmul_fused, tiles_of(shapes["c"], TILE), (TILE, TILE), args)]

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
    # BEGIN SOLUTION: about 2 lines
    rows, cols = shape
    return max(1, (cols + size - 1) // size), max(1, (rows + size - 1) // size)
    # END SOLUTION


@cuda.jit
def matmul_naive(c, a, b):
    """Each thread computes one element of c from a row of a and a column of b."""
    # BEGIN SOLUTION: neighbouring threads, neighbouring columns; about 6 lines
    col, row = cuda.grid(2)
    if row < c.shape[0] and col < c.shape[1]:
        total = float32(0)
        for k in range(a.shape[1]):
            total += a[row, k] * b[k, col]
        c[row, col] = total
    # END SOLUTION


def matmul_naive_launch(shapes):
    """Return one launch with a thread for each element of c."""
    # BEGIN SOLUTION: about 1 line
    return [Launch(matmul_naive, tiles_of(shapes["c"], TILE), (TILE, TILE), ("c", "a", "b"))]
    # END SOLUTION


@cuda.jit(device=True)
def tiled_element(a, b, row, col):
    """Return element (row, col) of a @ b; the block loads each tile of a and b once, together."""
    # BEGIN SOLUTION: load, meet, multiply, meet; outside a and b there are zeros; about 15 lines
    left = cuda.shared.array((TILE, TILE), float32)
    right = cuda.shared.array((TILE, TILE), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    depth = a.shape[1]
    total = float32(0)
    for k in range(0, depth, TILE):
        inside = row < a.shape[0] and k + tx < depth
        left[ty, tx] = a[row, k + tx] if inside else float32(0)
        inside = k + ty < depth and col < b.shape[1]
        right[ty, tx] = b[k + ty, col] if inside else float32(0)
        cuda.syncthreads()
        for i in range(TILE):
            total += left[ty, i] * right[i, tx]
        cuda.syncthreads()  # nobody overwrites a tile that others still read
    return total
    # END SOLUTION


@cuda.jit
def matmul_tiled(c, a, b):
    """A block of TILE x TILE threads computes one tile of c from tiles in shared memory."""
    # BEGIN SOLUTION: threads outside c help to load, too; about 4 lines
    col, row = cuda.grid(2)
    total = tiled_element(a, b, row, col)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = total
    # END SOLUTION


def matmul_tiled_launch(shapes):
    """Return one launch with a block for each tile of c."""
    # BEGIN SOLUTION: about 1 line
    return [Launch(matmul_tiled, tiles_of(shapes["c"], TILE), (TILE, TILE), ("c", "a", "b"))]
    # END SOLUTION


@cuda.jit(device=True)
def load_left(left, a, top, k):
    """The block copies WIDE rows of DEPTH elements, from a[top, k] on; zeros outside a."""
    # BEGIN SOLUTION: half a warp for each row; about 4 lines
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    for y in range(ty, WIDE, TILE):
        inside = top + y < a.shape[0] and k + tx < a.shape[1]
        left[y, tx] = a[top + y, k + tx] if inside else float32(0)
    # END SOLUTION


@cuda.jit(device=True)
def load_right(right, b, k, start):
    """The block copies DEPTH rows of WIDE elements, from b[k, start] on; zeros outside b."""
    # BEGIN SOLUTION: two warps a row: two half rows would meet in the same banks; about 5 lines
    place = cuda.threadIdx.y * TILE + cuda.threadIdx.x
    x = place % WIDE
    for y in range(place // WIDE, DEPTH, TILE * TILE // WIDE):
        inside = k + y < b.shape[0] and start + x < b.shape[1]
        right[y, x] = b[k + y, start + x] if inside else float32(0)
    # END SOLUTION


@cuda.jit(device=True)
def multiply_tiles(sums, left, right):
    """Each thread adds the products of the two tiles to its EACH x EACH sums."""
    # BEGIN SOLUTION: what is read from shared memory is used EACH times; about 9 lines
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    across = cuda.local.array(EACH, float32)
    for d in range(DEPTH):
        for j in range(EACH):
            across[j] = right[d, tx + j * TILE]
        for i in range(EACH):
            down = left[ty + i * TILE, d]
            for j in range(EACH):
                sums[i, j] += down * across[j]
    # END SOLUTION


@cuda.jit
def matmul_registers(c, a, b):
    """A block of TILE x TILE threads computes WIDE x WIDE elements, EACH x EACH in each thread."""
    # BEGIN SOLUTION: the loop of matmul_tiled, around other tiles; about 19 lines
    left = cuda.shared.array((WIDE, DEPTH), float32)
    right = cuda.shared.array((DEPTH, WIDE), float32)
    sums = cuda.local.array((EACH, EACH), float32)
    top, start = cuda.blockIdx.y * WIDE, cuda.blockIdx.x * WIDE
    for i in range(EACH):
        for j in range(EACH):
            sums[i, j] = float32(0)
    for k in range(0, a.shape[1], DEPTH):
        load_left(left, a, top, k)
        load_right(right, b, k, start)
        cuda.syncthreads()
        multiply_tiles(sums, left, right)
        cuda.syncthreads()
    for i in range(EACH):
        for j in range(EACH):
            row = top + cuda.threadIdx.y + i * TILE
            col = start + cuda.threadIdx.x + j * TILE
            if row < c.shape[0] and col < c.shape[1]:
                c[row, col] = sums[i, j]
    # END SOLUTION


def matmul_registers_launch(shapes):
    """Return one launch with a block for each WIDE x WIDE elements of c."""
    # BEGIN SOLUTION: about 1 line
    return [Launch(matmul_registers, tiles_of(shapes["c"], WIDE), (TILE, TILE), ("c", "a", "b"))]
    # END SOLUTION


@cuda.jit(device=True)
def gelu(x):
    """Return x * P(a standard normal number is less than x), in float32."""
    # BEGIN SOLUTION: every literal 0.5 would make it float64; about 1 line
    return float32(0.5) * x * (float32(1) + math.erf(x * float32(SQRT_HALF)))
    # END SOLUTION


@cuda.jit
def matmul_fused(c, a, b, bias, residual):
    """As matmul_tiled, but what is stored is gelu(a @ b + bias) + residual; bias is a row."""
    # BEGIN SOLUTION: the sum is still in a register; about 4 lines
    col, row = cuda.grid(2)
    total = tiled_element(a, b, row, col)
    if row < c.shape[0] and col < c.shape[1]:
        c[row, col] = gelu(total + bias[col]) + residual[row, col]
    # END SOLUTION


def matmul_fused_launch(shapes):
    """Return one launch, as matmul_tiled has it."""
    # BEGIN SOLUTION: about 2 lines
    names = ("c", "a", "b", "bias", "residual")
    return [Launch(matmul_fused, tiles_of(shapes["c"], TILE), (TILE, TILE), names)]
    # END SOLUTION

"""Matrix products, from tiles to registers."""

from numba import cuda, float32

TILE = 8
WIDE = 16


@cuda.jit
def tiled_matmul(out, a, b):
    left = cuda.shared.array((WIDE, WIDE), float32)
    right = cuda.shared.array((WIDE, WIDE), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    row = cuda.blockIdx.y * WIDE + ty
    col = cuda.blockIdx.x * WIDE + tx
    total = float32(0)
    for start in range(0, a.shape[1], WIDE):
        left[ty, tx] = float32(0)
        right[ty, tx] = float32(0)
        if row < a.shape[0] and start + tx < a.shape[1]:
            left[ty, tx] = a[row, start + tx]
        if start + ty < a.shape[1] and col < b.shape[1]:
            right[ty, tx] = b[start + ty, col]
        cuda.syncthreads()
        for k in range(WIDE):
            total += left[ty, k] * right[k, tx]
        cuda.syncthreads()
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = total


@cuda.jit
def double_buffered(out, a, b):
    left = cuda.shared.array((2, TILE, TILE), float32)
    right = cuda.shared.array((2, TILE, TILE), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    row, col = cuda.blockIdx.y * TILE + ty, cuda.blockIdx.x * TILE + tx
    total = float32(0)
    left[0, ty, tx] = a[row, tx]
    right[0, ty, tx] = b[ty, col]
    cuda.syncthreads()
    tiles = a.shape[1] // TILE
    for tile in range(tiles):
        here = tile % 2
        if tile + 1 < tiles:
            left[1 - here, ty, tx] = a[row, (tile + 1) * TILE + tx]
            right[1 - here, ty, tx] = b[(tile + 1) * TILE + ty, col]
        for k in range(TILE):
            total += left[here, ty, k] * right[here, k, tx]
        cuda.syncthreads()
    out[row, col] = total


@cuda.jit
def register_matmul(out, a, b):
    left = cuda.shared.array((16, TILE), float32)
    right = cuda.shared.array((TILE, 16), float32)
    acc = cuda.local.array((2, 2), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    for i in range(2):
        for j in range(2):
            acc[i, j] = float32(0)
    for start in range(0, a.shape[1], TILE):
        for i in range(2):
            left[ty + 8 * i, tx] = a[cuda.blockIdx.y * 16 + ty + 8 * i, start + tx]
            right[ty, tx + 8 * i] = b[start + ty, cuda.blockIdx.x * 16 + tx + 8 * i]
        cuda.syncthreads()
        for k in range(TILE):
            for i in range(2):
                for j in range(2):
                    acc[i, j] += left[ty + 8 * i, k] * right[k, tx + 8 * j]
        cuda.syncthreads()
    for i in range(2):
        for j in range(2):
            out[cuda.blockIdx.y * 16 + ty + 8 * i, cuda.blockIdx.x * 16 + tx + 8 * j] = acc[i, j]

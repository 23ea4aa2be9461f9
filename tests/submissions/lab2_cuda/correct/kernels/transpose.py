"""Transposition: both sides of the copy coalesced, with a shared tile between them."""

from numba import cuda, float32

from labkit.gpu import Launch

TILE = 32
ROWS = 16  # of threads in a block: each thread moves two elements


@cuda.jit
def transpose(out, a):
    """A block moves one TILE x TILE tile of a to its place in out.

    No padding: row r of the tile is rotated by r places, so that a column lies in all banks.
    """
    tile = cuda.shared.array((TILE, TILE), float32)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    left, top = cuda.blockIdx.x * TILE, cuda.blockIdx.y * TILE
    for r in range(y, TILE, ROWS):
        if top + r < a.shape[0] and left + x < a.shape[1]:
            tile[r, (x + r) % TILE] = a[top + r, left + x]
    cuda.syncthreads()
    for c in range(y, TILE, ROWS):
        if left + c < a.shape[1] and top + x < a.shape[0]:
            out[left + c, top + x] = tile[x, (c + x) % TILE]


def transpose_launch(shapes):
    """Return one launch with a block for each tile of a."""
    rows, cols = shapes["a"]
    grid = (max(1, -(-cols // TILE)), max(1, -(-rows // TILE)))
    return [Launch(transpose, grid, (TILE, ROWS), ["out", "a"])]

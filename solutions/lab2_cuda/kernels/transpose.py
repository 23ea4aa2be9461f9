"""Transposition: both sides of the copy coalesced, with a shared tile between them."""

from numba import cuda, float32

from labkit.gpu import Launch

TILE = 32
ROWS = 8  # of threads in a block: each thread moves TILE // ROWS elements


@cuda.jit
def transpose(out, a):
    """A block of (TILE, ROWS) threads moves one TILE x TILE tile of a to its place in out."""
    # BEGIN SOLUTION: in by rows, out by rows, the turn in shared memory; about 10 lines
    # One column more than needed: a column of the tile then lies in 32 different banks.
    tile = cuda.shared.array((TILE, TILE + 1), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    left, top = cuda.blockIdx.x * TILE, cuda.blockIdx.y * TILE
    for y in range(ty, TILE, ROWS):
        if top + y < a.shape[0] and left + tx < a.shape[1]:
            tile[y, tx] = a[top + y, left + tx]
    cuda.syncthreads()
    for y in range(ty, TILE, ROWS):
        if left + y < out.shape[0] and top + tx < out.shape[1]:
            out[left + y, top + tx] = tile[tx, y]
    # END SOLUTION


def transpose_launch(shapes):
    """Return one launch with a block for each tile of a."""
    # BEGIN SOLUTION: about 4 lines
    rows, cols = shapes["a"]
    tiles_across = max(1, (cols + TILE - 1) // TILE)
    tiles_down = max(1, (rows + TILE - 1) // TILE)
    return [Launch(transpose, (tiles_across, tiles_down), (TILE, ROWS), ("out", "a"))]
    # END SOLUTION

"""Maps: one output element from each input element, whatever the size of the grid."""

from numba import cuda, float32

from labkit.gpu import Launch

THREADS = 256
MAX_BLOCKS = 1024  # enough to fill a GPU; a grid-stride loop does the rest


@cuda.jit
def axpby(out, a, b, alpha, beta):
    """Write alpha * a + beta * b; each thread takes every gridsize-th element."""
    # BEGIN SOLUTION: a grid-stride loop; about 3 lines
    scale_a, scale_b = float32(alpha), float32(beta)  # a Python number arrives as float64
    for i in range(cuda.grid(1), out.size, cuda.gridsize(1)):
        out[i] = scale_a * a[i] + scale_b * b[i]
    # END SOLUTION


def axpby_launch(shapes):
    """Return one launch with a block for every THREADS elements, up to MAX_BLOCKS."""
    # BEGIN SOLUTION: a grid has at least one block; about 3 lines
    (n,) = shapes["out"]
    blocks = max(1, min(MAX_BLOCKS, (n + THREADS - 1) // THREADS))
    return [Launch(axpby, blocks, THREADS, ("out", "a", "b", "alpha", "beta"))]
    # END SOLUTION


@cuda.jit
def map2d(out, x, rows, cols, pitch):
    """Write max(x, 0), a thread for each element; row r of x begins at x[r * pitch]."""
    # BEGIN SOLUTION: neighbouring threads take neighbouring columns; about 3 lines
    col, row = cuda.grid(2)
    if row < rows and col < cols:
        out[row * cols + col] = max(x[row * pitch + col], float32(0))
    # END SOLUTION


def map2d_launch(shapes):
    """Return one launch over a grid of tiles, 32 columns by 8 rows each."""
    # BEGIN SOLUTION: x runs along the columns; about 5 lines
    block = (32, 8)
    columns_of_blocks = max(1, (shapes["cols"] + block[0] - 1) // block[0])
    rows_of_blocks = max(1, (shapes["rows"] + block[1] - 1) // block[1])
    grid = (columns_of_blocks, rows_of_blocks)
    return [Launch(map2d, grid, block, ("out", "x", "rows", "cols", "pitch"))]
    # END SOLUTION

"""Maps: one output element from each input element, whatever the size of the grid."""

from numba import cuda, float32

from labkit.gpu import Launch

THREADS = 128
MAX_BLOCKS = 512  # a grid-stride loop does the rest
WIDE, HIGH = 64, 4  # threads of a block of map2d


@cuda.jit
def axpby(out, a, b, alpha, beta):
    """Write alpha * a + beta * b; each thread takes every gridsize-th element."""
    alpha32, beta32 = float32(alpha), float32(beta)
    i = cuda.grid(1)
    step = cuda.gridsize(1)
    while i < out.size:
        out[i] = alpha32 * a[i] + beta32 * b[i]
        i += step


def axpby_launch(shapes):
    """Return one launch with a block for every THREADS elements, up to MAX_BLOCKS."""
    n = shapes["out"][0]
    blocks = min(MAX_BLOCKS, max(1, -(-n // THREADS)))
    return [Launch(axpby, blocks, THREADS, ["out", "a", "b", "alpha", "beta"])]


@cuda.jit
def map2d(out, x, rows, cols, pitch):
    """Write max(x, 0), a thread for each element; row r of x begins at x[r * pitch]."""
    col, row = cuda.grid(2)
    if row < rows and col < cols:
        out[row * cols + col] = max(x[row * pitch + col], float32(0))


def map2d_launch(shapes):
    """Return one launch over a grid of tiles, 64 columns by 4 rows each."""
    across = max(1, -(-shapes["cols"] // WIDE))
    down = max(1, -(-shapes["rows"] // HIGH))
    return [Launch(map2d, (across, down), (WIDE, HIGH), ["out", "x", "rows", "cols", "pitch"])]

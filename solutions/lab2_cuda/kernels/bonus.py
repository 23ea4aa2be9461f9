"""Warps that work together without shared memory and barriers: they exchange registers."""

from numba import cuda, float32

from labkit.gpu import Launch

WARP = 32
THREADS = 128
EVERYONE = 0xFFFFFFFF


@cuda.jit(device=True)
def add_lanes(value):
    """Return the sum over the lanes of the warp, in lane 0."""
    # BEGIN SOLUTION: halve the lanes that count; about 5 lines
    distance = WARP // 2
    while distance > 0:
        value += cuda.shfl_down_sync(EVERYONE, value, distance)
        distance //= 2
    return value
    # END SOLUTION


@cuda.jit
def warp_sum(out, x):
    """Each warp adds up every out.size-th stretch of 32 elements of x, to one element of out."""
    # BEGIN SOLUTION: a warp behind the last sums nothing, but shuffles; about 8 lines
    warp = cuda.grid(1) // WARP
    stop = x.size if warp < out.size else 0
    total = float32(0)
    for i in range(cuda.grid(1), stop, WARP * out.size):
        total += x[i]
    total = add_lanes(total)
    if cuda.laneid == 0 and warp < out.size:
        out[warp] = total
    # END SOLUTION


def warp_sum_launch(shapes):
    """Return one launch with a warp for each element of out."""
    # BEGIN SOLUTION: about 2 lines
    blocks = (shapes["out"][0] * WARP + THREADS - 1) // THREADS
    return [Launch(warp_sum, blocks, THREADS, ("out", "x"))]
    # END SOLUTION


@cuda.jit(device=True)
def signed(nibble):
    """Return the number -8 to 7 that four bits mean."""
    # BEGIN SOLUTION: two's complement; about 1 line
    return float32((nibble ^ 8) - 8)
    # END SOLUTION


@cuda.jit
def int4_gemv(y, packed, scales, x, group):
    """Each warp computes one element of y; a lane takes a byte, two columns, of every 32."""
    # BEGIN SOLUTION: the low four bits are the even column; about 12 lines
    row = cuda.grid(1) // WARP
    stop = packed.shape[1] if row < y.size else 0
    total = float32(0)
    for i in range(cuda.laneid, stop, WARP):
        byte = packed[row, i]
        col = 2 * i
        total += signed(byte & 15) * scales[row, col // group] * x[col]
        if col + 1 < x.size:
            total += signed(byte >> 4) * scales[row, (col + 1) // group] * x[col + 1]
    total = add_lanes(total)
    if cuda.laneid == 0 and row < y.size:
        y[row] = total
    # END SOLUTION


def int4_gemv_launch(shapes):
    """Return one launch with a warp for each row of the matrix."""
    # BEGIN SOLUTION: about 2 lines
    blocks = max(1, (shapes["y"][0] * WARP + THREADS - 1) // THREADS)
    return [Launch(int4_gemv, blocks, THREADS, ("y", "packed", "scales", "x", "group"))]
    # END SOLUTION

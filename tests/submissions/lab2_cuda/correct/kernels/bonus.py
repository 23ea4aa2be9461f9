"""Warps that work together without shared memory and barriers: they exchange registers."""

from numba import cuda, float32, int32

from labkit.gpu import Launch

WARP = 32
WARPS = 2  # of a block
EVERYONE = 0xFFFFFFFF


@cuda.jit(device=True)
def add_lanes(value):
    """Return the sum over the lanes of the warp, in lane 0."""
    distance = 16
    while distance > 0:
        value += cuda.shfl_down_sync(EVERYONE, value, distance)
        distance //= 2
    return value


@cuda.jit
def warp_sum(out, x):
    """Each warp adds up every out.size-th stretch of 32 elements of x, to one element of out."""
    lane = cuda.threadIdx.x
    warp = cuda.blockIdx.x * WARPS + cuda.threadIdx.y
    if warp < out.size:  # whole warps part: all lanes of one come to its shuffles, or none
        total = float32(0)
        for i in range(warp * WARP + lane, x.size, out.size * WARP):
            total += x[i]
        total = add_lanes(total)
        if lane == 0:
            out[warp] = total


def warp_sum_launch(shapes):
    """Return one launch with a warp for each element of out."""
    blocks = max(1, -(-shapes["out"][0] // WARPS))
    return [Launch(warp_sum, blocks, (WARP, WARPS), ["out", "x"])]


@cuda.jit(device=True)
def signed(nibble):
    """Return the number -8 to 7 that four bits mean."""
    return float32(int32(nibble ^ 8) - 8)


@cuda.jit
def int4_gemv(y, packed, scales, x, group):
    """Each warp computes one element of y; a lane takes a byte, two columns, of every 32."""
    lane = cuda.threadIdx.x
    row = cuda.blockIdx.x * WARPS + cuda.threadIdx.y
    total = float32(0)
    if row < y.size:
        for i in range(lane, packed.shape[1], WARP):
            byte = int32(packed[row, i])
            col = 2 * i
            total += signed(byte & 15) * scales[row, col // group] * x[col]
            if col + 1 < x.size:
                total += signed(byte >> 4) * scales[row, (col + 1) // group] * x[col + 1]
    total = add_lanes(total)
    if row < y.size and lane == 0:
        y[row] = total


def int4_gemv_launch(shapes):
    """Return one launch with a warp for each row of the matrix."""
    blocks = max(1, -(-shapes["y"][0] // WARPS))
    return [Launch(int4_gemv, blocks, (WARP, WARPS), ["y", "packed", "scales", "x", "group"])]

"""Warps that work together without shared memory and barriers: they exchange registers."""

from numba import cuda, float32

from labkit.gpu import Launch

WARP = 32
THREADS = 128
EVERYONE = 0xFFFFFFFF


@cuda.jit(device=True)
def add_lanes(value):
    """Return the sum over the lanes of the warp, in lane 0."""
    raise NotImplementedError("halve the lanes that count; about 5 lines")


@cuda.jit
def warp_sum(out, x):
    """Each warp adds up every out.size-th stretch of 32 elements of x, to one element of out."""
    raise NotImplementedError("a warp behind the last sums nothing, but shuffles; about 8 lines")


def warp_sum_launch(shapes):
    """Return one launch with a warp for each element of out."""
    raise NotImplementedError("about 2 lines")


@cuda.jit(device=True)
def signed(nibble):
    """Return the number -8 to 7 that four bits mean."""
    raise NotImplementedError("two's complement; about 1 line")


@cuda.jit
def int4_gemv(y, packed, scales, x, group):
    """Each warp computes one element of y; a lane takes a byte, two columns, of every 32."""
    raise NotImplementedError("the low four bits are the even column; about 12 lines")


def int4_gemv_launch(shapes):
    """Return one launch with a warp for each row of the matrix."""
    raise NotImplementedError("about 2 lines")

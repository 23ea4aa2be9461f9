"""Transposition: both sides of the copy coalesced, with a shared tile between them."""

from numba import cuda, float32

from labkit.gpu import Launch

TILE = 32
ROWS = 8  # of threads in a block: each thread moves TILE // ROWS elements


@cuda.jit
def transpose(out, a):
    """A block of (TILE, ROWS) threads moves one TILE x TILE tile of a to its place in out."""
    raise NotImplementedError("in by rows, out by rows, the turn in shared memory; about 10 lines")


def transpose_launch(shapes):
    """Return one launch with a block for each tile of a."""
    raise NotImplementedError("about 4 lines")

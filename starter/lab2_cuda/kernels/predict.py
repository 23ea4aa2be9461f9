"""What kernels of this lab cost, by arithmetic alone: traffic, passes of shared memory, barriers.

A sector is 32 bytes, 8 float32; a warp that asks for count neighbours from place on asks for the
sectors from place // 8 to (place + count - 1) // 8. Arrays begin at a sector.
"""

WARP = 32
HALF = 16
SECTOR = 8  # float32 in a sector
PERIOD = 8  # rows (or pairs of rows) lie the same way to sectors again after so many


def tiles(size, tile):
    """Return how many tiles cover a side; a grid has at least one block."""
    raise NotImplementedError("about 1 line")


def stretch_sectors(place, count):
    """Return how many sectors count neighbours touch, of which the first lies at place."""
    raise NotImplementedError("about 1 line")


def one_row(place, cols, width):
    """Return the sectors of a row that begins at place and is read width neighbours at a time."""
    raise NotImplementedError("whole stretches lie alike: width is a multiple of SECTOR; about 4 lines")


def row_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 32 neighbours of one row."""
    raise NotImplementedError("rows r and r + PERIOD lie alike; about 5 lines")


def meets(place, count, cols):
    """Return 1 where a stretch ends in the sector in which the one below it begins, else 0."""
    raise NotImplementedError("about 1 line")


def two_rows(place, cols):
    """Return the sectors of two rows, half a warp each; one that both ask for counts once."""
    raise NotImplementedError("about 5 lines")


def pair_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 16 neighbours of two rows."""
    raise NotImplementedError("where the number of rows is odd, the last pair is a single row; about 8 lines")


def predict_transpose(shapes):
    """Tiles of 32 x 32, blocks of 32 x 8 threads, a warp for each row of a tile."""
    raise NotImplementedError("an access of a warp to shared memory is one wavefront; about 7 lines")


def predict_matmul_tiled(shapes):
    """Tiles of 16 x 16, a thread for each element: 8 warps, each two rows of a tile."""
    raise NotImplementedError("each tile of a is loaded for every tile of columns; about 11 lines")


def predict_matmul_registers(shapes):
    """Tiles of 64 x 64, 16 of k at a time, 8 warps: two rows of a each, half a row of b."""
    raise NotImplementedError("a step stores 4 + 4 times and loads 16 * (4 + 4) times; about 11 lines")


def predict_softmax_rows(shapes):
    """A block of 128 threads for each row, which it reads twice; a tree of 7 levels."""
    raise NotImplementedError("7 levels of 2, 1, 1, … warps, two loads and two stores each; about 8 lines")


def predict(task, shapes):
    """Return the counters of the kernels for task, for arrays of these shapes."""
    raise NotImplementedError("about 7 lines")


def roofline(flops, bytes, peak_flops, bytes_per_second):
    """Return how many operations a second a kernel can reach that does flops and moves bytes."""
    raise NotImplementedError("about 3 lines")

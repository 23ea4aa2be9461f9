"""What kernels of this lab cost, by arithmetic alone: traffic, passes of shared memory, barriers.

A sector is 32 bytes, 8 float32; a warp that asks for count neighbours from place on asks for the
sectors from place // 8 to (place + count - 1) // 8. Arrays begin at a sector.

Two of my kernels are built in another way than the table of the handout says: matmul_tiled has one
barrier a step, and softmax_rows has 64 threads which keep their own pair in registers.
"""

SECTOR = 8  # float32 in a sector
PERIOD = 8  # rows lie the same way to sectors again after so many


def steps(size, tile):
    """Return how many tiles cover a side."""
    return -(-size // tile)


def tiles(size, tile):
    """Return how many tiles cover a side; a grid has at least one block."""
    return max(1, steps(size, tile))


def stretch_sectors(place, count):
    """Return how many sectors count neighbours touch, of which the first lies at place."""
    return (place + count - 1) // SECTOR - place // SECTOR + 1 if count > 0 else 0


def pair_of_stretches(place, count, cols, rows):
    """Return the sectors of count columns of one or two rows, asked for in one access."""
    one = stretch_sectors(place, count)
    if rows < 2 or count == 0:
        return one
    two = stretch_sectors(place + cols, count)
    return one + two - ((place + count - 1) // SECTOR == (place + cols) // SECTOR)


def band(place, cols, width, rows):
    """Return the sectors of one or two whole rows, width columns at a time."""
    whole, rest = cols // width, cols % width
    total = pair_of_stretches(place + whole * width, rest, cols, rows)
    if whole > 0:  # they all lie alike: width is a multiple of SECTOR
        total += whole * pair_of_stretches(place, width, cols, rows)
    return total


def matrix_sectors(rows, cols, width, height):
    """Return the sectors of a matrix that warps read once, width columns of height rows each."""
    bands = rows // height
    total = 0
    for start in range(min(PERIOD, bands)):
        alike = (bands - start - 1) // PERIOD + 1
        total += alike * band(start * height * cols, cols, width, height)
    if rows % height > 0:
        total += band(bands * height * cols, cols, width, 1)
    return total


def row_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 32 neighbours of one row."""
    return matrix_sectors(rows, cols, 32, 1)


def pair_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 16 neighbours of two rows."""
    return matrix_sectors(rows, cols, 16, 2)


def counters(loads, stores, barriers, wavefronts):
    """Return the four numbers under their names."""
    return {
        "global_load_sectors": loads,
        "global_store_sectors": stores,
        "barriers": barriers,
        "shared_wavefronts": wavefronts,
    }


def predict_transpose(shapes):
    """Tiles of 32 x 32, a warp for each row of a tile."""
    rows, cols = shapes["a"]
    passes = rows * steps(cols, 32) + cols * steps(rows, 32)
    blocks = tiles(rows, 32) * tiles(cols, 32)
    return counters(row_sectors(rows, cols), row_sectors(cols, rows), blocks, passes)


def predict_matmul_tiled(shapes):
    """Tiles of 16 x 16, a thread for each element: 8 warps, each two rows of a tile."""
    rows, depth = shapes["a"]
    cols = shapes["b"][1]
    down, across = tiles(rows, 16), tiles(cols, 16)
    loads = across * pair_sectors(rows, depth) + down * pair_sectors(depth, cols)
    visits = down * across * steps(depth, 16)
    return counters(loads, pair_sectors(rows, cols), visits, visits * 8 * (2 + 16 * 2))


def predict_matmul_registers(shapes):
    """Tiles of 64 x 64, 16 of k at a time, 8 warps: two rows of a each, half a row of b."""
    rows, depth = shapes["a"]
    cols = shapes["b"][1]
    down, across = tiles(rows, 64), tiles(cols, 64)
    loads = across * pair_sectors(rows, depth) + down * row_sectors(depth, cols)
    visits = down * across * steps(depth, 16)
    return counters(loads, pair_sectors(rows, cols), 2 * visits, visits * 8 * (8 + 16 * 8))


def predict_softmax_rows(shapes):
    """A block of 64 threads for each row, which it reads twice; a tree of 6 levels of one warp."""
    rows, cols = shapes["x"]
    once = row_sectors(rows, cols)
    return counters(2 * once, once, 7 * rows, (2 * 2 + 6 * 4 + 2 * 2) * rows)


def predict(task, shapes):
    """Return the counters of the kernels for task, for arrays of these shapes."""
    if task == "transpose":
        return predict_transpose(shapes)
    if task == "matmul_tiled":
        return predict_matmul_tiled(shapes)
    if task == "matmul_registers":
        return predict_matmul_registers(shapes)
    return predict_softmax_rows(shapes)


def roofline(flops, bytes, peak_flops, bytes_per_second):
    """Return how many operations a second a kernel can reach that does flops and moves bytes."""
    if bytes == 0:
        return peak_flops
    return min(peak_flops, flops / bytes * bytes_per_second)

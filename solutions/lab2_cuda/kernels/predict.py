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
    # BEGIN SOLUTION: about 1 line
    return max(1, (size + tile - 1) // tile)
    # END SOLUTION


def stretch_sectors(place, count):
    """Return how many sectors count neighbours touch, of which the first lies at place."""
    # BEGIN SOLUTION: about 1 line
    return (place + count - 1) // SECTOR - place // SECTOR + 1
    # END SOLUTION


def one_row(place, cols, width):
    """Return the sectors of a row that begins at place and is read width neighbours at a time."""
    # BEGIN SOLUTION: whole stretches lie alike: width is a multiple of SECTOR; about 4 lines
    sectors = cols // width * stretch_sectors(place, width)
    if cols % width > 0:
        sectors += stretch_sectors(place, cols % width)
    return sectors
    # END SOLUTION


def row_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 32 neighbours of one row."""
    # BEGIN SOLUTION: rows r and r + PERIOD lie alike; about 5 lines
    total = 0
    for row in range(min(rows, PERIOD)):
        alike = (rows - row + PERIOD - 1) // PERIOD
        total += alike * one_row(row * cols, cols, WARP)
    return total
    # END SOLUTION


def meets(place, count, cols):
    """Return 1 where a stretch ends in the sector in which the one below it begins, else 0."""
    # BEGIN SOLUTION: about 1 line
    return 1 if (place + count - 1) // SECTOR == (place + cols) // SECTOR else 0
    # END SOLUTION


def two_rows(place, cols):
    """Return the sectors of two rows, half a warp each; one that both ask for counts once."""
    # BEGIN SOLUTION: about 5 lines
    sectors = one_row(place, cols, HALF) + one_row(place + cols, cols, HALF)
    sectors -= cols // HALF * meets(place, HALF, cols)
    if cols % HALF > 0:
        sectors -= meets(place + cols // HALF * HALF, cols % HALF, cols)
    return sectors
    # END SOLUTION


def pair_sectors(rows, cols):
    """Return the sectors of a matrix that warps read once, each 16 neighbours of two rows."""
    # BEGIN SOLUTION: where the number of rows is odd, the last pair is a single row; about 8 lines
    total = 0
    pairs = rows // 2
    for pair in range(min(pairs, PERIOD)):
        alike = (pairs - pair + PERIOD - 1) // PERIOD
        total += alike * two_rows(2 * pair * cols, cols)
    if rows % 2 == 1:
        total += one_row((rows - 1) * cols, cols, HALF)
    return total
    # END SOLUTION


def predict_transpose(shapes):
    """Tiles of 32 x 32, blocks of 32 x 8 threads, a warp for each row of a tile."""
    # BEGIN SOLUTION: an access of a warp to shared memory is one wavefront; about 7 lines
    rows, cols = shapes["a"]
    return {
        "global_load_sectors": row_sectors(rows, cols),
        "global_store_sectors": row_sectors(cols, rows),
        "barriers": tiles(rows, 32) * tiles(cols, 32),
        # One store for every warp that loads, one load for every warp that stores.
        "shared_wavefronts": rows * ((cols + 31) // 32) + cols * ((rows + 31) // 32),
    }
    # END SOLUTION


def predict_matmul_tiled(shapes):
    """Tiles of 16 x 16, a thread for each element: 8 warps, each two rows of a tile."""
    # BEGIN SOLUTION: each tile of a is loaded for every tile of columns; about 11 lines
    rows, depth = shapes["a"]
    cols = shapes["b"][1]
    down, across = tiles(rows, 16), tiles(cols, 16)
    left, right = across * pair_sectors(rows, depth), down * pair_sectors(depth, cols)
    steps = down * across * ((depth + 15) // 16)
    return {
        "global_load_sectors": left + right,
        "global_store_sectors": pair_sectors(rows, cols),
        "barriers": 2 * steps,
        "shared_wavefronts": 8 * (2 + 2 * 16) * steps,
    }
    # END SOLUTION


def predict_matmul_registers(shapes):
    """Tiles of 64 x 64, 16 of k at a time, 8 warps: two rows of a each, half a row of b."""
    # BEGIN SOLUTION: a step stores 4 + 4 times and loads 16 * (4 + 4) times; about 11 lines
    rows, depth = shapes["a"]
    cols = shapes["b"][1]
    down, across = tiles(rows, 64), tiles(cols, 64)
    left, right = across * pair_sectors(rows, depth), down * row_sectors(depth, cols)
    steps = down * across * ((depth + 15) // 16)
    return {
        "global_load_sectors": left + right,
        "global_store_sectors": pair_sectors(rows, cols),
        "barriers": 2 * steps,
        "shared_wavefronts": 8 * (4 + 4 + 16 * (4 + 4)) * steps,
    }
    # END SOLUTION


def predict_softmax_rows(shapes):
    """A block of 128 threads for each row, which it reads twice; a tree of 7 levels."""
    # BEGIN SOLUTION: 7 levels of 2, 1, 1, … warps, two loads and two stores each; about 8 lines
    rows, cols = shapes["x"]
    tree = 2 + 6 * 1
    return {
        "global_load_sectors": 2 * row_sectors(rows, cols),
        "global_store_sectors": row_sectors(rows, cols),
        "barriers": rows * (1 + 7),
        # Two stores of 4 warps before the tree, two loads of 4 warps behind it.
        "shared_wavefronts": rows * (2 * 4 + 4 * tree + 2 * 4),
    }
    # END SOLUTION


def predict(task, shapes):
    """Return the counters of the kernels for task, for arrays of these shapes."""
    # BEGIN SOLUTION: about 7 lines
    if task == "transpose":
        return predict_transpose(shapes)
    if task == "matmul_tiled":
        return predict_matmul_tiled(shapes)
    if task == "matmul_registers":
        return predict_matmul_registers(shapes)
    return predict_softmax_rows(shapes)
    # END SOLUTION


def roofline(flops, bytes, peak_flops, bytes_per_second):
    """Return how many operations a second a kernel can reach that does flops and moves bytes."""
    # BEGIN SOLUTION: about 3 lines
    if bytes == 0:
        return peak_flops
    return min(peak_flops, flops / bytes * bytes_per_second)
    # END SOLUTION

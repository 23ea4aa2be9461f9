"""Exercises 2.5 and 2.6, hidden."""

import numpy as np

from autograder.judge import assert_near, award, case, exercise, orders, performed, rung, unwritten

FILE = "kernels/matmul.py"


def factors(rng, rows, cols, depth):
    """Return the factors of a product with so many rows and columns."""
    return {
        "a": rng.normal(size=(rows, depth)).astype(np.float32),
        "b": rng.normal(size=(depth, cols)).astype(np.float32),
    }


def multiplied(student, name, inputs, order=None):
    """Return what came of the product, which is right."""
    want = inputs["a"].astype(float) @ inputs["b"].astype(float)
    got = performed(student.kernel(FILE, name), {"c": unwritten(*want.shape)}, inputs, order)
    assert_near(got["arrays"]["c"], want)
    return got


def loads(got):
    """Return how many elements of a and b were loaded, and in how many sectors."""
    left, right = got["traffic"]["a"], got["traffic"]["b"]
    return [left[f"load_{what}"] + right[f"load_{what}"] for what in ("elements", "sectors")]


def check(student, rng, name, sizes):
    """Multiply matrices of `sizes`: rows, columns, and what the factors have in common."""
    for rows, cols, depth in sizes:
        inputs = factors(rng, rows, cols, depth)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} x {depth} @ {depth} x {cols}, order={order}"):
            multiplied(student, name, inputs, order)


@exercise("matmul_naive", points=0.5, hint="The sum runs over the columns of a, maybe over none.")
def test_matmul_naive_of_any_size(student, rng):
    """Far from square, one element, nothing; three orders of the blocks."""
    sizes = ((61, 7, 33), (7, 67, 5), (2, 3, 131), (1, 1, 1), (5, 3, 0), (0, 3, 2), (3, 0, 2))
    check(student, rng, "matmul_naive", sizes)
    inputs = factors(rng, 40, 23, 17)
    for order in orders(rng):
        with case(f"order={order}"):
            multiplied(student, "matmul_naive", inputs, order)


@exercise("matmul_naive", points=1.5, hint="Neighbouring threads must take neighbouring columns.")
def test_matmul_naive_traffic(student, rng):
    """Sectors of a and b for each warp and step: at most 7, half of the points for 10.

    A warp has 32 of the 96 x 64 elements, and takes 40 steps. Rows of threads need 4 or 5 sectors
    in each step, columns of threads 17. Each element is stored once.
    """
    got = multiplied(student, "matmul_naive", factors(rng, 96, 64, 40))
    stored = got["traffic"]["c"]["store_elements"]
    assert stored <= 96 * 64, f"{stored:g} stores of {96 * 64} elements"
    award(rung(loads(got)[1] / (96 * 64 / 32 * 40), 7, 10))


@exercise("matmul_tiled", points=1.5, hint="Threads outside c load and meet like all the others.")
def test_matmul_tiled_of_any_size(student, rng):
    """Sides that are no multiples of a tile, in each place; three orders of the blocks."""
    sizes = ((65, 33, 47), (16, 16, 17), (17, 16, 16), (2, 3, 131), (100, 7, 33), (7, 100, 15))
    check(student, rng, "matmul_tiled", sizes)
    inputs = factors(rng, 40, 23, 37)
    for order in orders(rng):
        with case(f"order={order}"):
            multiplied(student, "matmul_tiled", inputs, order)


@exercise("matmul_tiled", points=1, hint="Where there is nothing to add up the product is 0.")
def test_matmul_tiled_of_special_elements(student, rng):
    """One element, nothing, sums of nothing; large elements, and memory full of them."""
    check(student, rng, "matmul_tiled", ((1, 1, 1), (5, 3, 0), (0, 3, 2), (3, 0, 2), (1, 1, 40)))
    inputs = factors(rng, 33, 20, 50)
    inputs["a"] *= np.float32(1e4)
    inputs["b"] += np.float32(1e4)
    with case("elements near 10 000"):
        multiplied(student, "matmul_tiled", inputs)


@exercise("matmul_tiled", points=1.5, hint="What a block needs of a and b it loads once, together.")
def test_matmul_tiled_traffic(student, rng):
    """Loads of 64 x 32 @ 32 x 48, and of 65 x 47 @ 47 x 33: what tiles of 16 x 16 need.

    Half of the points for whole tiles, with at most 1.15 times the least sectors for so many loads;
    the other half for tiles that are cut off.
    """
    earned = 0.0
    for rows, cols, depth in ((64, 48, 32), (65, 33, 47)):
        got = multiplied(student, "matmul_tiled", factors(rng, rows, cols, depth))
        needed = -(-cols // 16) * rows * depth + -(-rows // 16) * depth * cols
        elements, sectors = loads(got)
        whole = depth % 16 == 0
        earned += elements <= needed and (not whole or sectors <= 1.15 * needed / 8)
    award(earned / 2)


@exercise(
    "matmul_tiled", points=1.5, hint="Two barriers a tile; rows of a tile in different banks."
)
def test_matmul_tiled_barriers_and_banks(student, rng):
    """Barriers for each tile of 16 steps, and passes over shared memory for each access of a warp.

    Barriers: 2, half of the points for 3. Passes: 1, half for 1.5. They count only where a and b
    are loaded as seldom as by tiles of 16 x 16.
    """
    rows, cols, depth = 65, 33, 47
    got = multiplied(student, "matmul_tiled", factors(rng, rows, cols, depth))
    down, across, counts = -(-rows // 16), -(-cols // 16), got["counters"]
    needed = across * rows * depth + down * depth * cols
    assert loads(got)[0] <= needed, f"{loads(got)[0]:g} loads, {needed} needed"
    tiles = down * across * -(-depth // 16)
    accesses = counts["shared_load_requests"] + counts["shared_store_requests"]
    meets = rung(counts["barriers"], 2 * tiles, 3 * tiles)
    award((meets + rung(counts["shared_wavefronts"], accesses, 1.5 * accesses)) / 2)

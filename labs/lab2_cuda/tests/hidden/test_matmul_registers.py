"""Exercise 2.7, hidden."""

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


@exercise("matmul_registers", points=2, hint="Check rows and columns when you load and store.")
def test_matmul_registers_of_any_size(student, rng):
    """Sides that are no multiples of a tile, in each place; three orders of the blocks."""
    sizes = ((65, 33, 47), (64, 64, 17), (33, 130, 16), (2, 3, 83), (129, 7, 20))
    check(student, rng, "matmul_registers", sizes)
    inputs = factors(rng, 70, 67, 18)
    for order in orders(rng):
        with case(f"order={order}"):
            multiplied(student, "matmul_registers", inputs, order)


@exercise("matmul_registers", points=1, hint="The sums of a thread begin with 0.")
def test_matmul_registers_of_special_elements(student, rng):
    """One element, nothing, sums of nothing; large elements."""
    check(
        student, rng, "matmul_registers", ((1, 1, 1), (5, 3, 0), (0, 3, 2), (3, 0, 2), (1, 1, 40))
    )
    inputs = factors(rng, 33, 70, 50)
    inputs["a"] *= np.float32(1e4)
    inputs["b"] += np.float32(1e4)
    with case("elements near 10 000"):
        multiplied(student, "matmul_registers", inputs)


@exercise("matmul_registers", points=1, hint="A block loads 64 rows of a and 64 columns of b.")
def test_matmul_registers_traffic(student, rng):
    """Loads of 128 x 32 @ 32 x 64, and of 65 x 47 @ 47 x 33: what tiles of 64 x 64 need.

    Half of the points for whole tiles, with at most 1.15 times the least sectors for so many loads;
    the other half for tiles that are cut off.
    """
    earned = 0.0
    for rows, cols, depth in ((128, 64, 32), (65, 33, 47)):
        got = multiplied(student, "matmul_registers", factors(rng, rows, cols, depth))
        needed = -(-cols // 64) * rows * depth + -(-rows // 64) * depth * cols
        elements, sectors = loads(got)
        whole = depth % 16 == 0
        earned += elements <= needed and (not whole or sectors <= 1.15 * needed / 8)
    award(earned / 2)


@exercise("matmul_registers", points=1.5, hint="Each element from shared memory is used 4 times.")
def test_matmul_registers_shared_loads(student, rng):
    """Loads from shared memory for each product of two elements, of 64 x 48 @ 48 x 128.

    At most 0.55 for all points: 4 + 4 loads for 16 products are 0.5. Half for 0.8.
    """
    got = multiplied(student, "matmul_registers", factors(rng, 64, 128, 48))
    counts = got["counters"]
    assert counts["shared_load_elements"] > 0, "nothing is loaded from shared memory"
    award(rung(counts["shared_load_elements"] / (64 * 128 * 48), 0.55, 0.8))


@exercise("matmul_registers", points=1.5, hint="Two half rows of a tile may meet in one bank.")
def test_matmul_registers_without_bank_conflicts(student, rng):
    """Passes over shared memory for each access of a warp: 1.02, half of the points for 1.1.

    Only where there are at most 0.8 loads from shared memory for each product.
    """
    rows, cols, depth = 64, 64, 48
    got = multiplied(student, "matmul_registers", factors(rng, rows, cols, depth))
    counts = got["counters"]
    loaded = counts["shared_load_elements"] / (rows * cols * depth)
    assert 0 < loaded <= 0.8, f"{loaded:g} loads from shared memory for each product"
    accesses = counts["shared_load_requests"] + counts["shared_store_requests"]
    award(rung(counts["shared_wavefronts"], 1.02 * accesses, 1.1 * accesses))

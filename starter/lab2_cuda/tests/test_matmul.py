"""Exercises 2.5 to 2.8, public."""

import math

import numpy as np

from autograder.judge import assert_near, award, case, exercise, performed, rung, unwritten

FILE = "kernels/matmul.py"


def factors(rng, rows, cols, depth):
    """Return the factors of a product with so many rows and columns."""
    return {
        "a": rng.normal(size=(rows, depth)).astype(np.float32),
        "b": rng.normal(size=(depth, cols)).astype(np.float32),
    }


def multiplied(student, name, inputs):
    """Return what came of the product, which is right."""
    want = inputs["a"].astype(float) @ inputs["b"].astype(float)
    got = performed(student.kernel(FILE, name), {"c": unwritten(*want.shape)}, inputs)
    assert_near(got["arrays"]["c"], want)
    return got


def loads(got):
    """Return how many elements of a and b were loaded, and in how many sectors."""
    left, right = got["traffic"]["a"], got["traffic"]["b"]
    return [left[f"load_{what}"] + right[f"load_{what}"] for what in ("elements", "sectors")]


@exercise("matmul_naive", points=0.5, hint="x runs along the columns, y along the rows.")
def test_matmul_naive_example(student, rng):
    """A product whose sides are no multiples of a block."""
    inputs = factors(rng, 20, 37, 13)
    with case("20 x 13 @ 13 x 37", **inputs):
        multiplied(student, "matmul_naive", inputs)


@exercise("matmul_naive", points=0.5, hint="Neighbouring threads must take neighbouring columns.")
def test_matmul_naive_is_coalesced(student, rng):
    """Sectors of a and b for each warp and step: at most 7, half of the points for 10.

    A warp has 32 of the 64 x 64 elements, and takes 32 steps. Rows of threads need 4 or 5 sectors
    in each step, columns of threads 17.
    """
    got = multiplied(student, "matmul_naive", factors(rng, 64, 64, 32))
    award(rung(loads(got)[1] / (64 * 64 / 32 * 32), 7, 10))


@exercise("matmul_tiled", points=1.5, hint="Two barriers a tile; zeros outside a and b.")
def test_matmul_tiled_examples(student, rng):
    """Whole tiles, and sides that are no multiples of a tile."""
    for rows, cols, depth in ((32, 32, 32), (20, 37, 25)):
        inputs = factors(rng, rows, cols, depth)
        with case(f"{rows} x {depth} @ {depth} x {cols}", **inputs):
            multiplied(student, "matmul_tiled", inputs)


@exercise("matmul_tiled", points=1, hint="Load each tile once, and use it TILE times.")
def test_matmul_tiled_loads_tiles(student, rng):
    """Loads of 64 x 32 @ 32 x 48: all points for what tiles of 16 x 16 need, half for 1.5 times."""
    rows, cols, depth = 64, 48, 32
    got = multiplied(student, "matmul_tiled", factors(rng, rows, cols, depth))
    needed = rows * cols * depth * 2 / 16
    award(rung(loads(got)[0], needed, 1.5 * needed))


@exercise("matmul_registers", points=1, hint="Rows and columns of a thread are 16 apart.")
def test_matmul_registers_examples(student, rng):
    """A whole tile of 64 x 64, and sides that are no multiples of anything."""
    for rows, cols, depth in ((64, 64, 32), (70, 37, 25)):
        inputs = factors(rng, rows, cols, depth)
        with case(f"{rows} x {depth} @ {depth} x {cols}", **inputs):
            multiplied(student, "matmul_registers", inputs)


@exercise("matmul_registers", points=2, hint="Read 4 + 4 elements, and multiply them 4 x 4 times.")
def test_matmul_registers_uses_registers(student, rng):
    """Loads from shared and from global memory, each worth half of the points.

    Shared: 0.55 for each product of two elements; half for 0.8. Global: what tiles of 64 x 64 need;
    half for 2 times.
    """
    got = multiplied(student, "matmul_registers", factors(rng, 64, 64, 32))
    products = 64 * 64 * 32
    shared = got["counters"]["shared_load_elements"] / products
    needed = 2 * products / 64
    award((rung(shared, 0.55, 0.8) + rung(loads(got)[0], needed, 2 * needed)) / 2)


def fused(student, rng, rows, cols, depth):
    """Return what came of gelu(a @ b + bias) + residual, which is right."""
    inputs = factors(rng, rows, cols, depth)
    inputs["bias"] = rng.normal(size=cols).astype(np.float32)
    inputs["residual"] = rng.normal(size=(rows, cols)).astype(np.float32)
    z = inputs["a"].astype(float) @ inputs["b"] + inputs["bias"]
    less = np.vectorize(lambda x: math.erfc(-x / math.sqrt(2)) / 2)(z)  # P(normal number < x)
    with case(f"{rows} x {depth} @ {depth} x {cols}", **inputs):
        got = performed(student.kernel(FILE, "matmul_fused"), {"c": unwritten(rows, cols)}, inputs)
        assert_near(got["arrays"]["c"], z * less + inputs["residual"])
    return got


@exercise("matmul_fused", points=1, hint="gelu(a @ b + bias) + residual; bias belongs to columns.")
def test_matmul_fused_example(student, rng):
    """A product of 20 x 37 elements with its epilogue."""
    fused(student, rng, 20, 37, 13)


@exercise("matmul_fused", points=0.5, hint="The sum is still in a register: no second launch.")
def test_matmul_fused_is_one_launch(student, rng):
    """One launch, for half of the points; c is written once and never read, for the other half."""
    got = fused(student, rng, 32, 48, 16)
    traffic = got["traffic"]["c"]
    once = traffic["load_elements"] <= 0 and traffic["store_elements"] <= 32 * 48
    award(((len(got["launches"]) == 1) + once) / 2)

"""Exercise 2.8, hidden."""

import math

import numpy as np

from autograder.judge import (
    assert_close,
    assert_near,
    award,
    case,
    exercise,
    orders,
    performed,
    rung,
    unwritten,
)

FILE = "kernels/matmul.py"


def operands(rng, rows, cols, depth):
    """Return two factors, a bias for each column, and what is added in the end."""
    shapes = {"a": (rows, depth), "b": (depth, cols), "bias": (cols,), "residual": (rows, cols)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def wanted(inputs):
    """Return z P(a normal number is less than z) + residual, for z = a @ b + bias."""
    z = inputs["a"].astype(float) @ inputs["b"].astype(float) + inputs["bias"]
    share = np.vectorize(lambda x: math.erfc(-x / math.sqrt(2)) / 2, otypes=[float])(z)
    return z * share + inputs["residual"]


def fused(student, inputs, order=None):
    """Return what came of the product with its epilogue, which is right."""
    want = wanted(inputs)
    got = performed(
        student.kernel(FILE, "matmul_fused"), {"c": unwritten(*want.shape)}, inputs, order
    )
    assert_near(got["arrays"]["c"], want)
    return got


@exercise("matmul_fused", points=1, hint="Threads outside c load and meet like all the others.")
def test_matmul_fused_of_any_size(student, rng):
    """No multiples of a tile, square, one element, no product at all; orders of the blocks."""
    sizes = ((65, 33, 47), (32, 32, 32), (2, 3, 131), (7, 20, 1), (1, 1, 1), (5, 3, 0), (0, 3, 2))
    for rows, cols, depth in (*sizes, (3, 0, 2)):
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} x {depth} @ {depth} x {cols}, order={order}"):
            fused(student, operands(rng, rows, cols, depth), order)


@exercise("matmul_fused", points=1, hint="Use math.erf, not the approximation with tanh.")
def test_matmul_fused_follows_gelu(student, rng):
    """GELU from -5 to 5, where nothing is added; then small and large numbers."""
    inputs = operands(rng, 3, 200, 1)
    for name in ("a", "residual"):
        inputs[name][:] = 0
    inputs["bias"] = np.linspace(-5, 5, 200, dtype=np.float32)
    got = performed(student.kernel(FILE, "matmul_fused"), {"c": unwritten(3, 200)}, inputs)
    assert_close(got["arrays"]["c"], wanted(inputs), rtol=1e-5, atol=2e-6, dtype=np.float32)
    for scale in (1e-3, 100):
        inputs = operands(rng, 20, 30, 17)
        inputs["a"] *= np.float32(scale)
        with case(f"a about {scale:g}"):
            fused(student, inputs)


@exercise("matmul_fused", points=0.75, hint="Bias and residual are read once, c never.")
def test_matmul_fused_extra_traffic(student, rng):
    """What a launch of 64 x 33 @ 33 x 48 loads beside a and b, in elements.

    All points for 2 for each element of c, its bias and its residual, in one launch; half for 3.
    """
    rows, cols = 64, 48
    got = fused(student, operands(rng, rows, cols, 33))
    assert len(got["launches"]) == 1, f"{len(got['launches'])} launches"
    stored = got["counters"]["global_store_elements"]
    assert stored <= 2 * rows * cols, f"{stored:g} stores of {rows * cols} elements"
    extra = got["counters"]["global_load_elements"]
    extra -= sum(got["traffic"][name]["load_elements"] for name in "ab")
    award(rung(extra / (rows * cols), 2, 3))


@exercise("matmul_fused", points=0.75, hint="The product is that of matmul_tiled, and stored once.")
def test_matmul_fused_loads_tiles(student, rng):
    """Loads of a and b, of 65 x 47 @ 47 x 33: what tiles of 16 x 16 need, half for 1.5 times.

    Each element of c is stored once.
    """
    rows, cols, depth = 65, 33, 47
    got = fused(student, operands(rng, rows, cols, depth))
    stored = got["counters"]["global_store_elements"]
    assert stored <= rows * cols, f"{stored:g} stores of {rows * cols} elements"
    needed = -(-cols // 16) * rows * depth + -(-rows // 16) * depth * cols
    loaded = sum(got["traffic"][name]["load_elements"] for name in "ab")
    award(rung(loaded, needed, 1.5 * needed))

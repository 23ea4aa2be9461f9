"""Exercise 2.11, public."""

import numpy as np

from autograder.judge import assert_near, award, case, exercise, performed, rung, unwritten

FILE = "kernels/attention.py"


def tokens(rng, queries, keys, width):
    """Return random queries, keys and values."""
    rows = {"q": queries, "k": keys, "v": keys}
    return {name: rng.normal(size=(n, width)).astype(np.float32) for name, n in rows.items()}


def weights(inputs):
    """Return the weights of the keys for each query, and the logarithm of their sum; else 0, -inf.

    With `causal` the last query sees all keys, and the one before it all but the last.
    """
    queries, keys = len(inputs["q"]), len(inputs["k"])
    scores = inputs["q"].astype(float) @ inputs["k"].astype(float).T * inputs["scale"]
    if inputs["causal"]:
        scores[np.arange(keys) > np.arange(queries)[:, None] + keys - queries] = -np.inf
    top = scores.max(1, initial=-1e300, keepdims=True)
    shifted = np.exp(scores - top)
    sums = shifted.sum(1, keepdims=True)
    with np.errstate(divide="ignore"):
        lse = np.where(sums > 0, top + np.log(sums), -np.inf)
    return shifted / np.where(sums > 0, sums, 1), lse[:, 0]


def attended(student, inputs, causal):
    """Return what came of flash_forward, which is right: o, and lse."""
    inputs = inputs | {"scale": inputs["q"].shape[1] ** -0.5, "causal": causal}
    outputs = {"o": unwritten(*inputs["q"].shape), "lse": unwritten(len(inputs["q"]))}
    got = performed(student.kernel(FILE, "flash_forward"), outputs, inputs)
    shares, lse = weights(inputs)
    assert_near(got["arrays"]["o"], shares @ inputs["v"])
    assert_near(got["arrays"]["lse"], lse)
    return got


@exercise("attention", points=1.25, hint="When a maximum grows, all that was summed up shrinks.")
def test_flash_forward_example(student, rng):
    """Forty queries of 70 keys: the result, and the logarithm of the sum of exponentials."""
    inputs = tokens(rng, 40, 70, 16)
    with case("40 queries, 70 keys, 16 features", **inputs):
        attended(student, inputs, False)


@exercise("attention", points=1.25, hint="Query i sees the keys up to i, itself included.")
def test_flash_forward_causal_example(student, rng):
    """As many queries as keys, each of which sees the keys up to its own."""
    inputs = tokens(rng, 40, 40, 16)
    with case("40 queries, 40 keys, 16 features", **inputs):
        attended(student, inputs, True)


@exercise("attention", points=2, hint="Tiles of k and v serve all queries of a block.")
def test_flash_forward_reads_tiles(student, rng):
    """Loads of 64 queries of 96 keys: q once, for half of the points; k and v as often as needed.

    That is once for each tile of 32 queries, for the other half; half of that for tiles of 16.
    """
    got = attended(student, tokens(rng, 64, 96, 16), False)
    q, k, v = (got["traffic"][name]["load_elements"] for name in "qkv")
    needed = 2 * 96 * 16
    award(((q <= 64 * 16) + rung(max(k, v), needed, 2 * needed)) / 2)

"""Bonus B1, hidden."""

import numpy as np

from autograder.judge import assert_close, award, case, exercise, orders, performed, rung, unwritten

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


def gradients(student, rng, sizes, causal, order=None):
    """Return what came of flash_backward, which is right: dq, dk and dv."""
    inputs = tokens(rng, *sizes) | {"scale": sizes[2] ** -0.5, "causal": causal}
    shares, lse = weights(inputs)
    q, k, v = (inputs[name].astype(float) for name in "qkv")
    o, do = shares @ v, rng.normal(size=q.shape).astype(np.float32)
    given = inputs | {"do": do, "o": o.astype(np.float32), "lse": lse.astype(np.float32)}
    outputs = {f"d{name}": unwritten(*inputs[name].shape) for name in "qkv"}
    got = performed(student.kernel(FILE, "flash_backward"), outputs, given, order)
    upstream = do.astype(float) @ v.T
    scores = shares * (upstream - (shares * upstream).sum(1, keepdims=True)) * inputs["scale"]
    for name, want in (("dq", scores @ k), ("dk", scores.T @ q), ("dv", shares.T @ do)):
        top = max(1.0, np.abs(want).max(initial=0))
        assert_close(got["arrays"][name], want, rtol=0, atol=1e-5 * top, dtype=np.float32)
    return got


def check(student, rng, plan, causal):
    """Differentiate with so many queries, keys and features."""
    for sizes in plan:
        order = orders(rng)[int(rng.integers(3))]
        queries, keys, width = sizes
        what = f"{queries} queries, {keys} keys, {width} features, causal={causal}, order={order}"
        with case(what):
            gradients(student, rng, sizes, causal, order)


@exercise("attention_backward", points=1.25, hint="Queries behind the last give nothing to a key.")
def test_flash_backward_of_any_size(student, rng):
    """No multiples of a tile, one element, 64 features; no key, no query."""
    plan = ((1, 1, 1), (33, 65, 16), (7, 31, 64), (3, 0, 5), (0, 4, 8))
    check(student, rng, plan, False)


@exercise(
    "attention_backward", points=1.25, hint="A key is seen from query key + queries - keys on."
)
def test_flash_backward_causal_of_any_size(student, rng):
    """Fewer queries than keys, as many, and more: then the first of them see no key."""
    plan = ((1, 1, 64), (33, 65, 16), (40, 40, 33), (40, 1, 3), (66, 33, 4), (3, 0, 5))
    check(student, rng, plan, True)


@exercise("attention_backward", points=1, hint="A tile of keys serves 32 queries, and the reverse.")
def test_flash_backward_traffic(student, rng):
    """Loads of 96 queries and 64 keys, in tiles of 32: all points for the needed, half for twice.

    Of q: once, and once for each tile of keys; do once more, for its product with o. Of k and v:
    once, and once for each tile of queries. Of lse: two sectors for each query. No atomics.
    """
    queries, keys, width = 96, 64, 32
    got = gradients(student, rng, (queries, keys, width), False)
    assert got["counters"]["atomic_elements"] <= 0, "there are atomics"
    needed = {"q": 3 * queries, "do": 4 * queries, "k": 4 * keys, "v": 4 * keys}
    traffic = got["traffic"]
    loaded = [traffic[name]["load_elements"] / (n * width) for name, n in needed.items()]
    loaded.append(traffic["lse"]["load_sectors"] / (2 * queries))
    award(rung(max(loaded), 1, 2))


@exercise("attention_backward", points=0.5, hint="Rows of a tile that a warp reads at once: pad.")
def test_flash_backward_without_bank_conflicts(student, rng):
    """Passes over shared memory for each access of a warp: 1.05, half of the points for 1.5."""
    counts = gradients(student, rng, (40, 33, 32), False)["counters"]
    accesses = counts["shared_load_requests"] + counts["shared_store_requests"]
    assert accesses > 0, "shared memory is not used"
    award(rung(counts["shared_wavefronts"], 1.05 * accesses, 1.5 * accesses))

"""Exercise 2.11, hidden."""

import numpy as np

from autograder.judge import assert_near, award, case, exercise, orders, performed, rung, unwritten

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


def attended(student, inputs, causal, order=None):
    """Return what came of flash_forward, which is right: o, and lse."""
    inputs = inputs | {"scale": inputs["q"].shape[1] ** -0.5, "causal": causal}
    outputs = {"o": unwritten(*inputs["q"].shape), "lse": unwritten(len(inputs["q"]))}
    got = performed(student.kernel(FILE, "flash_forward"), outputs, inputs, order)
    shares, lse = weights(inputs)
    assert_near(got["arrays"]["o"], shares @ inputs["v"])
    assert_near(got["arrays"]["lse"], lse)
    return got


def whole(rng, queries, keys, some):
    """Return 16 features, whole numbers in q and k: float32 then knows all scores exactly."""
    inputs = tokens(rng, queries, keys, 16)
    inputs["q"][:] = rng.choice(some, size=(queries, 16))
    inputs["k"][:] = rng.integers(-9, 10, size=(keys, 16))
    return inputs


def check(student, rng, sizes, causal):
    """Attend with so many queries, keys and features."""
    for queries, keys, width in sizes:
        order = orders(rng)[int(rng.integers(3))]
        what = f"{queries} queries, {keys} keys, {width} features, causal={causal}, order={order}"
        with case(what):
            attended(student, tokens(rng, queries, keys, width), causal, order)


@exercise("attention", points=1.5, hint="Keys behind the last have no weight; rows end anywhere.")
def test_flash_forward_of_any_size(student, rng):
    """Numbers of queries, keys and features that are no multiples of a tile; orders of blocks."""
    check(student, rng, ((1, 1, 1), (33, 65, 16), (7, 100, 5), (32, 31, 64), (40, 33, 40)), False)
    inputs = tokens(rng, 70, 40, 8)
    for order in orders(rng):
        with case(f"order={order}"):
            attended(student, inputs, False, order)


@exercise("attention", points=2, hint="The last query sees all keys: count from the end.")
def test_flash_forward_causal_of_any_size(student, rng):
    """Fewer queries than keys, as many, and more: then the first of them see no key."""
    sizes = ((1, 1, 64), (33, 65, 16), (7, 70, 5), (64, 64, 33), (40, 1, 3), (70, 33, 4))
    check(student, rng, sizes, True)
    inputs = tokens(rng, 40, 37, 8)
    for order in orders(rng):
        with case(f"40 queries, 37 keys, 8 features, causal, order={order}"):
            attended(student, inputs, True, order)


@exercise("attention", points=1.5, hint="Scores may be far from 0, and grow from tile to tile.")
def test_flash_forward_of_large_scores(student, rng):
    """Scores of several hundreds, maxima that grow with every tile, and ones that fall."""
    with case("large queries, causal"):
        attended(student, whole(rng, 40, 70, range(-300, 301)), True)
    inputs = whole(rng, 33, 100, range(1, 6))
    inputs["k"].sort(axis=0)
    with case("maxima that grow"):
        attended(student, inputs, False)
    inputs["q"] *= np.float32(-40)
    with case("maxima that fall, far below 0"):
        attended(student, inputs, False)


@exercise("attention", points=1.5, hint="Who sees nothing gets 0, and -inf for lse.")
def test_flash_forward_of_nothing(student, rng):
    """No keys, no queries; a first tile of queries that sees no key, and one that sees a single."""
    check(student, rng, ((3, 0, 5), (0, 4, 8)), False)
    check(student, rng, ((3, 0, 5), (0, 4, 8), (70, 33, 4), (33, 2, 4)), True)


@exercise("attention", points=1, hint="q once, k and v once for each tile of queries.")
def test_flash_forward_traffic(student, rng):
    """Loads of 96 queries of 128 keys: q once, for 2/5 of the points.

    k and v once for each tile of 32 queries, for 2/5, half of that for tiles of 16; with at most
    1.05 times the least sectors for so many loads, for 1/5.
    """
    got = attended(student, tokens(rng, 96, 128, 32), False)
    traffic = [got["traffic"][name] for name in "qkv"]
    q, k, v = (counts["load_elements"] for counts in traffic)
    needed = 3 * 128 * 32
    sectors = max(8 * counts["load_sectors"] - 1.05 * counts["load_elements"] for counts in traffic)
    tiles = rung(max(k, v), needed, 2 * needed)
    award((2 * (q <= 96 * 32) + 2 * tiles + (sectors <= 0)) / 5)


@exercise(
    "attention", points=1.5, hint="Do not load tiles of keys that no query of the block sees."
)
def test_flash_forward_skips_tiles(student, rng):
    """Loads of k and v by 192 causal queries of 192 keys, as shares of those without a mask.

    Six tiles of 32 queries would load all keys six times: at most 0.6 of that for all points, 0.8
    for a third. Tiles of 32 keys need 0.583.
    """
    got = attended(student, tokens(rng, 192, 192, 8), True)
    loaded = max(got["traffic"][name]["load_elements"] for name in "kv")
    share = loaded / (6 * 192 * 8)
    award(1.0 if share <= 0.6 else 1 / 3 if share <= 0.8 else 0.0)


@exercise("attention", points=1, hint="Rows of a tile that a warp reads at once: pad them.")
def test_flash_forward_without_bank_conflicts(student, rng):
    """Passes over shared memory for each access of a warp: 1.05, half of the points for 1.5.

    Only where k and v are loaded as seldom as by tiles of 16 queries.
    """
    got = attended(student, tokens(rng, 64, 64, 32), False)
    loaded = max(got["traffic"][name]["load_elements"] for name in "kv")
    assert loaded <= 4 * 64 * 32, f"{loaded:g} loads of {64 * 32} elements"
    counts = got["counters"]
    accesses = counts["shared_load_requests"] + counts["shared_store_requests"]
    award(rung(counts["shared_wavefronts"], 1.05 * accesses, 1.5 * accesses))


@exercise("attention", points=0.5, hint="o and lse are written once, when all keys were seen.")
def test_flash_forward_writes_once(student, rng):
    """One launch, each element of o and lse stored once and not read, no scratch memory."""
    got = attended(student, tokens(rng, 40, 70, 16), True)
    assert len(got["launches"]) == 1, f"{len(got['launches'])} launches"
    counts, traffic = got["counters"], got["traffic"]
    stored = counts["global_store_elements"]
    assert stored <= 40 * 16 + 40, f"{stored:g} stores of {40 * 16 + 40} elements"
    read = traffic["o"]["load_elements"] + traffic["lse"]["load_elements"]
    assert read <= 0, f"{read:g} loads of o and lse"

"""Exercise 1.9, hidden: linear layers, embeddings, sequences, dropout, and how they begin."""

from functools import reduce

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise

SIGMAS = 5  # chance alone goes so far in one of two million tries


def layer(kind, *sizes, weights=None, **options):
    """Describe a layer to the probes."""
    return {"kind": kind, "sizes": list(sizes), "options": options, "weights": weights or {}}


def seed_from(rng):
    return int(rng.integers(2**32))


def check_gradients(got, wants, dtype):
    rtol, atol = (1e-9, 1e-11) if dtype == np.float64 else (1e-4, 1e-4)
    for mine, want in zip(got, wants, strict=True):
        assert_close(mine, want, rtol=rtol, atol=atol, dtype=dtype)


@exercise("modules", points=0.5, hint="Only the last axis counts; there may be no other.")
def test_linear_with_any_leading_axes(student, rng):
    """Vectors, matrices and batches, with and without bias, both dtypes."""
    plan = [(s, d) for s in ((), (7,), (0,), (2, 1, 5)) for d in (np.float64, np.float32)]
    some = []
    for bias in (True, False):
        shapes = {"weight": (3, 13), "bias": (13,)} if bias else {"weight": (3, 13)}
        for lead, dtype in plan:
            weights = {n: rng.normal(size=s).astype(dtype) for n, s in shapes.items()}
            x, g = (rng.normal(size=(*lead, n)).astype(dtype) for n in (3, 13))
            some.append([layer("Linear", 3, 13, weights=weights, bias=bias), x, g])
    for got, (made, x, g) in zip(student.run("many", "layer_vjp", some), some, strict=True):
        w, *b = (array.astype(float) for array in made["weights"].values())
        rows, ups = x.reshape(-1, 3).astype(float), g.reshape(-1, 13).astype(float)
        value = (np.einsum("ri,io->ro", rows, w) + sum(b)).reshape(g.shape)
        by_x = np.einsum("ro,io->ri", ups, w).reshape(x.shape)
        wants = [value, by_x, np.einsum("ri,ro->io", rows, ups), *[ups.sum(0) for _ in b]]
        check_gradients([got["value"], *got["grads"]], wants, x.dtype)
        assert_equal(got["leaves"], [x, *made["weights"].values()])


@exercise("modules", points=0.5, hint="NumPy takes negative ids, and counts from the end: check.")
def test_embedding_of_ids_of_any_shape(student, rng):
    """Repeated ids, no ids, one id, ids of several axes; ids that do not exist."""
    some = []
    for shape in ((13,), (2, 3, 5), (), (0,), (3, 0), (1, 1)):
        for dtype in (np.float64, np.float32):
            table = rng.normal(size=(7, 3)).astype(dtype)
            ids = np.asarray(rng.integers(0, 7, size=shape))
            g = rng.normal(size=(*shape, 3)).astype(dtype)
            some.append([layer("Embedding", 7, 3, weights={"weight": table}), ids, g])
    some[0][1][:4] = 0, 6, 6, 0
    for got, (made, ids, g) in zip(student.run("many", "layer_vjp", some), some, strict=True):
        table = made["weights"]["weight"]
        chosen = np.eye(7)[ids.ravel()]
        assert_equal(got["value"], (chosen @ table).reshape(g.shape).astype(g.dtype))
        check_gradients(got["grads"], [chosen.T @ g.reshape(-1, 3).astype(float)], g.dtype)
    wrong = [np.array(ids) for ids in ([-1], [0, 7], [[3, 1], [-7, 2]], 7, -1, [6, -8], [2, 99])]
    errors = student.run("many", "refused", [[layer("Embedding", 7, 3), ids] for ids in wrong])
    assert_equal(errors, ["IndexError"] * len(wrong))


@exercise("modules", points=0.5, hint="What one returns, the next receives.")
def test_sequences_of_modules(student, rng):
    """Modules in a row, rows within a row, and a row of nothing: values, gradients, names."""
    x, g = rng.normal(size=(2, 3, 5))
    a, b, c = rng.normal(size=(3, 2, 5))
    parts = [layer("Affine", *pair) for pair in (a, b, c)]
    flat = layer("Sequential", *parts)
    nested = layer("Sequential", layer("Sequential"), parts[0], layer("Sequential", *parts[1:]))
    one = layer("Sequential", layer("Affine", *(a * 3)))
    cases = [[flat, x, g], [nested, x, g], [one, x, g], [layer("Sequential"), x, g]]
    answers = student.run("many", "sequence_vjp", cases)
    places = (["0", "1", "2"], ["1", "2.layers.0", "2.layers.1"], ["0"], [])
    for got, pairs, at in zip(answers, ([a, b, c], [a, b, c], [a * 3], []), places, strict=True):
        assert_close(got["value"], reduce(lambda y, pair: y * pair[0] + pair[1], pairs, x))
        names = [f"layers.{i}.{name}" for i in at for name in ("scale", "shift")]
        assert_equal(got["names"], names)
        check_gradients(got["grads"], gradients_along(pairs, x, g), np.float64)


def gradients_along(pairs, x, g):
    """Return the gradients by x, and by each scale and shift, of affine maps in a row."""
    grads = []
    for i in reversed(range(len(pairs))):
        arrived = reduce(lambda y, pair: y * pair[0] + pair[1], pairs[:i], x)
        grads = [(g * arrived).sum(0), g.sum(0), *grads]
        g = g * pairs[i][0]
    return [g, *grads]


@exercise("modules", points=0.5, hint="Each element by its own chance, again in each call.")
def test_dropout_draws_each_element(student, rng):
    """What dropout keeps of 10⁵ elements: how much, the mean, along every axis, call after call."""
    for p in (0.1, 0.6):
        first, second = student.run("masks", p, seed_from(rng), [250, 400], 2)
        for mask in (first, second):
            assert_close(mask, np.where(mask == 0, 0, 1 / (1 - p)), rtol=1e-12)
            check_draws((mask * (1 - p) - (1 - p)) / np.sqrt(p * (1 - p)))
        both = np.mean((first != 0) & (second != 0))
        chance = (1 - p) ** 2
        assert abs(both - chance) <= SIGMAS * np.sqrt(chance * (1 - chance) / first.size)


def check_draws(z):
    """Check standardized draws: the mean of all of them, and of each row and column."""
    assert z.shape == (250, 400)
    assert abs(z.mean()) * np.sqrt(z.size) <= SIGMAS, "the mean is off"
    for axis, n in enumerate(z.shape):
        worst = np.abs(z.mean(axis)).max() * np.sqrt(n)
        assert worst <= SIGMAS + 2, f"draws along axis {axis} depend on each other"


@exercise("modules", points=0.5, hint="Scale by 1 / (1 - p) in training; do nothing in evaluation.")
def test_dropout_in_training_and_evaluation(student, rng):
    """One mask for value and gradient; evaluation draws nothing; p = 0; what p may not be."""
    plan = [(p, on, s) for p in (0.0, 0.3, 0.75) for on in (True, False) for s in ((33, 7), ())]
    some = []
    for p, training, shape in plan:
        for dtype in (np.float64, np.float32):
            x, g = (np.asarray(rng.uniform(0.5, 2.0, size=shape)).astype(dtype) for _ in range(2))
            some.append([p, seed_from(rng), training, x, g])
    answers = student.run("many", "dropped", some)
    for got, (p, seed, training, x, g) in zip(answers, some, strict=True):
        kept = np.full(x.shape, True) if p == 0 or not training else got["value"] != 0
        factor = np.where(kept, 1 / (1 - p), 0) if training else np.ones(x.shape)
        rtol = 1e-12 if x.dtype == np.float64 else 1e-6
        assert_close(got["value"], x * factor, rtol=rtol, dtype=x.dtype)
        assert_close(got["grad"], g * factor, rtol=rtol, dtype=x.dtype)
        assert_equal(got["input"], x)
        if not training:
            assert_equal([got["value"], got["next"]], [x, np.random.default_rng(seed).random()])
        elif p and x.ndim:
            assert 0 < kept.sum() < x.size, "all or nothing was kept"
    chances = (1.0, -0.1, 1.5, -1e-9, 0.0, 0.999)
    errors = student.run("many", "refused", [[layer("Dropout", p)] for p in chances])
    assert_equal(errors, ["ValueError"] * 4 + [None] * 2)


@exercise("modules", points=0.5, hint="Draw from the generator given, as the docstrings say.")
def test_how_layers_begin(student, rng):
    """How parameters begin: 10⁵ draws of them; the same seed, the same draws."""
    plan = [("Linear", {}, 1 / np.sqrt(250)), ("Embedding", {"std": 0.02}, 0.02)]
    large = [[layer(kind, 250, 400, **options), seed_from(rng), 1] for kind, options, _ in plan]
    for (seen,), (*_, std) in zip(student.run("many", "new_layers", large), plan, strict=True):
        check_normal(seen["weight"] / std)
    small, seed = layer("Linear", 5, 3), seed_from(rng)
    norms = [layer("LayerNorm", 7), layer("RMSNorm", 7), layer("Linear", 5, 3, bias=False)]
    tries = [[small, seed, 2], [small, seed, 2], [small, seed + 1, 1]]
    one, again, (other,), *rest = student.run(
        "many", "new_layers", [*tries, *[[n, 0, 1] for n in norms]]
    )
    assert_equal(again, one)
    first, second, third = one[0]["weight"], one[1]["weight"], other["weight"]
    assert_equal(one[0]["bias"], np.zeros(3))
    for x, y in ((first, second), (first, third), (second, third)):
        assert x.shape == y.shape == (5, 3)
        assert (x != y).all(), "the same numbers again"
    (layer_norm,), (rms_norm,), (plain,) = rest
    assert_equal(layer_norm, {"weight": np.ones(7), "bias": np.zeros(7)})
    assert_equal([rms_norm, plain["bias"]], [{"weight": np.ones(7)}, None])


def check_normal(z):
    """Check that 10⁵ numbers are draws from the standard normal distribution, each its own."""
    check_draws(z)
    spread = abs(np.mean(z**2) - 1) / np.sqrt(2 / z.size)
    assert spread <= SIGMAS, "the standard deviation is off"
    tails = abs(np.mean(z**4) - 3) / np.sqrt(96 / z.size)
    assert tails <= SIGMAS + 2, "the distribution is not normal"

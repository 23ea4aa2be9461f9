"""Exercise 1.9, hidden: the norms."""

from functools import partial

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise


def layer_norm(x, weight, bias, eps=1e-5):
    """Return the value; also for complex x."""
    centred = x - np.sum(x, -1, keepdims=True) / x.shape[-1]
    variance = np.sum(centred * centred, -1, keepdims=True) / x.shape[-1]
    return centred / np.sqrt(variance + eps) * weight + bias


def rms_norm(x, weight, eps=1e-5):
    return x / np.sqrt(np.sum(x * x, -1, keepdims=True) / x.shape[-1] + eps) * weight


def by_x(x, weight, g, eps, centre):
    """Return the gradient by x; also for complex arguments. `centre` tells the two norms apart."""
    mean = partial(np.mean, axis=-1, keepdims=True)
    x = x - mean(x) if centre else x
    scale = (mean(x * x) + eps) ** -0.5
    h = g * weight
    h = h - mean(h) if centre else h
    return scale * h - x * scale**3 * mean(x * h)


def slopes(f, arrays):
    """Return the gradients of a real function by each array, exactly: by complex steps.

    Source: W. Squire, G. Trapp, "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40(1), 1998.
    """
    grads = [np.zeros(x.shape) for x in arrays]
    for k, x in enumerate(arrays):
        for i in np.ndindex(x.shape):
            moved = [y.astype(complex) for y in arrays]
            moved[k][i] += 1e-30j
            grads[k][i] = f(*moved).imag / 1e-30
    return grads


NORMS = {"LayerNorm": (layer_norm, ("weight", "bias")), "RMSNorm": (rms_norm, ("weight",))}


def layer(kind, width, weights, **options):
    return {"kind": kind, "sizes": [width], "options": options, "weights": weights}


def cases_of(rng, x, options, dtype=np.float64):
    """Return a case for each norm."""
    cases = []
    for kind, (_, names) in NORMS.items():
        weights = {name: rng.normal(size=x.shape[-1]).astype(dtype) for name in names}
        g = rng.normal(size=x.shape).astype(dtype)
        cases.append([layer(kind, x.shape[-1], weights, **options), x.astype(dtype), g])
    return cases


def check_norms(student, some):
    """Compare values and gradients of [case, tolerance]: relative, and of the largest element."""
    answers = student.run("many", "layer_vjp", [case for case, _ in some])
    for got, ((made, x, g), tolerance) in zip(answers, some, strict=True):
        f = partial(NORMS[made["kind"]][0], **made["options"])
        leaves = [x, *made["weights"].values()]
        wide = [leaf.astype(float) for leaf in leaves]
        wants = [f(*wide), *slopes(lambda *a, f=f, g=g: np.sum(f(*a) * g), wide)]
        for mine, want in zip([got["value"], *got["grads"]], wants, strict=True):
            atol = tolerance * np.abs(want).max(initial=1e-3)
            assert_close(mine, want, rtol=tolerance, atol=atol, dtype=x.dtype)
        assert_equal(got["leaves"], leaves)


@exercise("modules", points=0.5, hint="Over the last axis only; every row has its own mean.")
def test_norms_with_any_leading_axes(student, rng):
    """Values and all gradients, in many shapes and both dtypes; eps as an option."""
    cases = []
    for shape in ((5,), (3, 7), (2, 1, 3), (0, 3), (2, 2, 1)):
        for options in ({}, {"eps": 0.1}):
            cases += cases_of(rng, rng.normal(size=shape) + 1, options)
    narrow = cases_of(rng, rng.normal(size=(3, 7)), {}, np.float32)
    check_norms(student, [*((case, 1e-9) for case in cases), *((case, 1e-4) for case in narrow)])


@exercise("modules", points=0.5, hint="eps belongs under the root; the variance is a mean square.")
def test_norms_of_unusual_rows(student, rng):
    """Rows as small as eps, rows of equal elements or zeros, rows far away from zero."""
    x, equal = rng.normal(size=(3, 5)), np.array([[2.0] * 4, [-0.5] * 4])
    cases = cases_of(rng, x * 1e-3, {}) + cases_of(rng, x * 1e-6, {"eps": 1e-12})
    cases += cases_of(rng, np.zeros((2, 3)), {}) + cases_of(rng, equal, {})
    far, _ = cases_of(rng, x + 1e6, {})
    check_norms(student, [*((case, 1e-9) for case in cases), (far, 1e-6)])


@exercise("modules", points=0.5, hint="Compose tensor functions; take no value out of the graph.")
def test_gradients_of_norms_are_differentiable(student, rng):
    """Second derivatives, by x, by the parameters and by the upstream gradient."""
    cases = []
    for made, x, g in cases_of(rng, rng.normal(size=(2, 5)), {"eps": 0.1}):
        leaves = [x, *made["weights"].values()]
        cases.append([made, x, g, [rng.normal(size=leaf.shape) for leaf in leaves]])
    for got, (made, x, g, along) in zip(
        student.run("many", "layer_second_order", cases), cases, strict=True
    ):
        f = partial(weighted_gradients, made["kind"] == "LayerNorm", along)
        weight, *bias = made["weights"].values()
        x_want, weight_want, g_want = slopes(f, [x, weight, g])
        nothing = [None for _ in bias]  # the gradients do not depend on it
        if bias and got[2] is not None:
            nothing = [np.zeros(5)]
        assert_equal(got[2:-1], nothing)
        for mine, want in zip([*got[:2], got[-1]], (x_want, weight_want, g_want), strict=True):
            assert_close(mine, want, rtol=1e-9, atol=1e-11)


def weighted_gradients(centre, along, x, weight, g):
    """Return the sum of all first gradients times their directions, for eps = 0.1."""
    norm = layer_norm(x, 1, 0, 0.1) if centre else rms_norm(x, 1, 0.1)
    total = np.sum(by_x(x, weight, g, 0.1, centre) * along[0]) + np.sum(g * norm * along[1])
    return total + np.sum(g * along[2]) if centre else total

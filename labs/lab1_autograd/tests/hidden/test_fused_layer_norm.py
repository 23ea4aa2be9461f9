"""Exercise 1.10, hidden: layer normalization."""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise, oracle

MIB = 2**20


def normalized(x, weight, bias, eps=1e-5):
    """Return the value by its definition, one row after the other; the arrays may be complex."""
    out = np.zeros(x.shape, np.result_type(x, weight, bias))
    for row in np.ndindex(x.shape[:-1]):
        centred = x[row] - x[row].sum() / x.shape[-1]
        variance = (centred * centred).sum() / x.shape[-1]
        out[row] = centred / np.sqrt(variance + eps) * weight + bias
    return out


def slopes(f, arrays, g, tiny=1e-30):
    """Return the gradients of sum(f(*arrays) * g) by differences in the complex plane.

    Exact to rounding. Source: W. Squire, G. Trapp, "Using complex variables to estimate derivatives
    of real functions", SIAM Review 40(1), 1998.
    """
    grads = [np.zeros(a.shape) for a in arrays]
    for grad, place in zip(grads, range(len(arrays)), strict=True):
        for i in np.ndindex(grad.shape):
            moved = [a.astype(complex) for a in arrays]
            moved[place][i] += 1j * tiny
            grad[i] = np.sum(f(*moved).imag * g) / tiny
    return grads


@oracle
def by_definition(x, weight, bias, g, options):
    """Return the value and all gradients."""
    arrays = x, weight, bias
    value = normalized(*arrays, **options)
    return value, *slopes(lambda *moved: normalized(*moved, **options), arrays, g)


@oracle
def gradients(x, weight, g, eps=1e-5):
    """Return the gradients by way of each row's Jacobian; the arrays may be complex."""
    width = x.shape[-1]
    dx = np.zeros(x.shape, np.result_type(x, weight, g))
    dw, db = np.zeros((2, width), dx.dtype)
    for row in np.ndindex(x.shape[:-1]):
        centred = x[row] - x[row].sum() / width
        scale = 1 / np.sqrt((centred * centred).sum() / width + eps)
        normal = centred * scale
        jacobian = (np.eye(width) - 1 / width - np.outer(normal, normal) / width) * scale
        dx[row] = (g[row] * weight) @ jacobian
        dw += g[row] * normal
        db += g[row]
    return dx, dw, db


def some(rng, *shape, scale=1.0):
    """Return x, weight, bias and an upstream gradient."""
    weight, bias = rng.normal(size=(2, shape[-1]))
    return [scale * rng.normal(size=shape), weight, bias], rng.normal(size=shape)


def check(student, plan, rtol=1e-10):
    """Try each (arrays, upstream gradient, options, order in memory); float32 within 1e-5."""
    answers = student.run("many", "vjp", [["layer_norm", *one] for one in plan])
    for got, (arrays, g, options, _) in zip(answers, plan, strict=True):
        wants = by_definition(*(a.astype(float) for a in arrays), g, options)
        for mine, want in zip([got["value"], *got["grads"]], wants, strict=True):
            near = rtol if g.dtype == np.float64 else 1e-5
            assert_close(mine, want, rtol=near, atol=near * np.abs(want).max(), dtype=g.dtype)
        assert_equal([*got["inputs"], got["upstream"]], [*arrays, g])


@exercise("fused", points=0.5, hint="Weight and bias served every row: their gradients are sums.")
def test_layer_norm_of_any_shape(student, rng):
    """Any leading axes, rows of one element, memory orders, float32."""
    shapes = ((7,), (3, 5), (2, 3, 5), (2, 1, 3, 2), (3, 1), (1, 13))
    plan = [(*some(rng, *shape), {}, "plain") for shape in shapes]
    for layout in ("permuted", "negative"):
        plan += [(*some(rng, 3, 5), {}, layout), (*some(rng, 2, 3, 7), {}, layout)]
    arrays, g = some(rng, 5, 7)
    plan.append(([a.astype(np.float32) for a in arrays], g.astype(np.float32), {}, "plain"))
    check(student, plan)


@exercise("fused", points=0.5, hint="eps is added to the variance; centre before you square.")
def test_layer_norm_of_small_and_of_distant_numbers(student, rng):
    """Rows around 10⁻³ and of equal elements, rows far from 0, and other eps."""
    plan = []
    for eps in ({}, {"eps": 1e-3}, {"eps": 1e-8}, {"eps": 0.5}):
        flat, g = some(rng, 3, 5)
        flat[0] = np.repeat(rng.integers(-3, 4, size=(3, 1)).astype(float), 5, axis=1)
        plan += [(*some(rng, 3, 5, scale=1e-3), eps, "plain"), (flat, g, eps, "plain")]
    check(student, plan)
    distant, g = some(rng, 3, 5)
    distant[0] += 1e6
    check(student, [(distant, g, {}, "plain")], rtol=1e-7)


@exercise("fused", points=0.5, hint="Write backward with tensor functions, not on arrays.")
def test_layer_norm_gradients_are_differentiable(student, rng):
    """Second derivatives by x, weight and the upstream gradient."""
    settings = [(3, 5, 1.0, {}), (2, 7, 1e-2, {"eps": 1e-3}), (1, 2, 1.0, {})]
    plan = []
    for rows, width, scale, options in settings:
        arrays, g = some(rng, rows, width, scale=scale)
        plan.append((arrays, g, options, some(rng, rows, width)[0]))
    cases = [["layer_norm", *one] for one in plan]
    for got, one in zip(student.run("many", "second_order", cases), plan, strict=True):
        (x, weight, bias), g, options, along = one
        for mine, want in zip(got["first"], gradients(x, weight, g, **options), strict=True):
            assert_close(mine, want, rtol=1e-9, atol=1e-11)
        by_x, by_weight, by_bias, by_g = got["second"]
        want_x, want_weight, want_g = second(x, weight, bias, g, options, along)
        assert_close(by_x, want_x, rtol=1e-9, atol=1e-9 * np.abs(want_x).max())
        assert_close(by_weight, want_weight, rtol=1e-9, atol=1e-9)
        assert_close(by_g, want_g, rtol=1e-9, atol=1e-9 * np.abs(want_g).max())
        assert_equal(np.zeros(x.shape[-1]) if by_bias is None else by_bias, np.zeros(x.shape[-1]))


def second(x, weight, bias, g, options, along, tiny=1e-30):
    """Return how the gradients, and the value, move along `along`: the Hessian is symmetric."""
    x, weight, bias = (a + 1j * tiny * v for a, v in zip((x, weight, bias), along, strict=True))
    dx, dw, _ = gradients(x, weight, g, **options)
    return [part.imag / tiny for part in (dx, dw, normalized(x, weight, bias, **options))]


@exercise("fused", points=0.5, hint="Keep the inputs; normalize again on the way back.")
def test_layer_norm_keeps_little(student, rng):
    """The memory that many calls on the same rows take before the way back."""
    arrays, g = some(rng, 256, 128)
    call = ("last_of_many_calls", 256, "layer_norm", arrays, g, {})
    seen = student.observe(*call)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed(call[0], seen)
    assert_close(seen.value["value"], normalized(*arrays), rtol=1e-9, atol=1e-9)
    for mine, want in zip(seen.value["grads"], gradients(*arrays[:2], g), strict=True):
        assert_close(mine, want, rtol=1e-9, atol=1e-9)
    # The results are 64 MiB; small functions keep four more arrays of their size for each call.
    assert seen.peak_bytes <= 150 * MIB, "each call keeps several arrays of the size of x"

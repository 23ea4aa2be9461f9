"""Exercise 1.2, hidden."""

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise

# name -> value, derivative, second derivative
UNARY = {
    "neg": (np.negative, lambda x: -np.ones_like(x), np.zeros_like),
    "exp": (np.exp, np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x, lambda x: -1 / x**2),
    "tanh": (
        np.tanh,
        lambda x: 1 / np.cosh(x) ** 2,
        lambda x: -2 * np.tanh(x) / np.cosh(x) ** 2,
    ),
    "sqrt": (np.sqrt, lambda x: 0.5 * x**-0.5, lambda x: -0.25 * x**-1.5),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0, np.zeros_like),
}
# name -> value, derivatives by a and by b
BINARY = {
    "sub": (np.subtract, lambda a, b: (np.ones_like(a), -np.ones_like(b))),
    "mul": (np.multiply, lambda a, b: (b, a)),
    "div": (np.divide, lambda a, b: (1 / b, -a / b**2)),
    "powt": (np.power, lambda a, b: (b * a ** (b - 1), np.log(a) * a**b)),
    "maximum": (np.maximum, lambda a, b: ((a > b) * 1.0, (a < b) * 1.0)),
}
SHAPES = [
    ((5, 7), (7,)),
    ((3, 1, 5), (7, 1)),
    ((), (2, 3)),
    ((13,), ()),
    ((1, 1), (3,)),
    ((2, 0), (1, 1)),
    ((33, 2), (33, 2)),
]


def positive(rng, shape):
    return rng.uniform(0.3, 3.0, size=shape)


def signed(rng, shape):
    return np.asarray(positive(rng, shape) * rng.choice([-1.0, 1.0], size=shape))


def domain(rng, name, shape):
    return (positive if name in ("log", "sqrt", "powt") else signed)(rng, shape)


def added_up(x, shape):
    lead = tuple(range(x.ndim - len(shape)))
    inner = tuple(len(lead) + i for i, n in enumerate(shape) if n == 1)
    return np.asarray(x.sum(axis=lead + inner)).reshape(shape)


def parts(name, a, b, g):
    """Return the two gradients."""
    a_full, b_full = np.broadcast_arrays(a, b)
    by_a, by_b = BINARY[name][1](a_full, b_full)
    return added_up(g * by_a, a.shape), added_up(g * by_b, b.shape)


def upstream(rng, *arrays):
    return rng.normal(size=np.broadcast_shapes(*[a.shape for a in arrays]))


@exercise("elementwise", points=1.5, hint="Every element has an upstream gradient of its own.")
def test_unary_gradients_on_many_shapes(student, rng):
    """All of neg, exp, log, tanh, sqrt, relu in many shapes and memory orders."""
    shapes = [(5, 7), (2, 3, 13), (), (0,), (1, 33)]
    plan = [(n, s, w) for n in UNARY for s in shapes for w in ("plain", "permuted", "negative")]
    some = [(n, domain(rng, n, s), rng.normal(size=s), way) for n, s, way in plan]
    answers = student.run("many", "vjp", [[n, [x], g, {}, way] for n, x, g, way in some])
    for got, (name, x, g, _) in zip(answers, some, strict=True):
        f, slope, _ = UNARY[name]
        assert_close(got["value"], f(x), rtol=1e-9)
        assert_close(got["grads"][0], g * slope(x), rtol=1e-9, atol=1e-12)
        assert_equal([got["inputs"][0], got["upstream"]], [x, g])


@exercise("elementwise", points=1.5, hint="Either side may be the one that is broadcast.")
def test_binary_gradients_under_broadcasting(student, rng):
    """All of sub, mul, div, powt, maximum with shapes that broadcast on either side, or both."""
    plan = [(n, pair) for n in BINARY for s, t in SHAPES for pair in ((s, t), (t, s))]
    some = [(n, domain(rng, n, s), domain(rng, n, t)) for n, (s, t) in plan]
    some = [(n, a, b, upstream(rng, a, b)) for n, a, b in some]
    answers = student.run("many", "vjp", [[n, [a, b], g, {}, "permuted"] for n, a, b, g in some])
    for got, (name, a, b, g) in zip(answers, some, strict=True):
        assert_close(got["value"], BINARY[name][0](a, b), rtol=1e-9)
        for grad, want in zip(got["grads"], parts(name, a, b, g), strict=True):
            assert_close(grad, want, rtol=1e-9, atol=1e-11)
        assert_equal([*got["inputs"], got["upstream"]], [a, b, g])


@exercise("elementwise", points=1, hint="n may be 0, negative or broken; 0 ** 0 is 1.")
def test_pow_with_many_exponents(student, rng):
    """Whole, negative and fractional exponents; the exponents 0, 1 and 2 at x = 0."""
    some = [(n, positive(rng, (5, 3))) for n in (0, 1, 2, 3, -1, -2, 0.5, -1.5, 2.5, 0.0)]
    some += [(n, np.array([0.0, -2.0, 0.0, 1.5])) for n in (0, 1, 2, 3)]
    some = [(n, x, rng.normal(size=x.shape)) for n, x in some]
    answers = student.run("many", "vjp", [["pow", [x], g, {"n": n}] for n, x, g in some])
    for got, (n, x, g) in zip(answers, some, strict=True):
        assert_close(got["value"], x**n, rtol=1e-9)
        slope = np.zeros_like(x) if n == 0 else n * x ** (n - 1)
        assert_close(got["grads"][0], g * slope, rtol=1e-9)


@exercise("elementwise", points=1, hint="relu has slope 0 at 0; a tie of maximum is shared.")
def test_ties_zeros_and_masked_infinities(student, rng):
    """The corners: relu at 0, ties of maximum, infinite gradients where nothing was chosen."""
    x, row = np.array([[0.0, -0.0, 1.0], [-1.0, 0.0, 2.0]]), np.array([0.0, 1.0, 1.0])
    condition = np.array([[True], [False]])
    g = rng.normal(size=x.shape)
    wild = g.copy()
    wild[0, 1], wild[1, 2] = np.inf, np.nan
    cases = [["relu", [x], g, {}], ["maximum", [x, row], g, {}]]
    cases += [["where", [x, row], wild, {"condition": condition}]]
    relu, maximum, where = student.run("many", "vjp", cases)
    assert_close(relu["grads"][0], g * (x > 0))
    share = (x > row) + 0.5 * (x == row)
    assert_close(maximum["value"], np.maximum(x, row))
    assert_close(maximum["grads"][0], g * share, rtol=1e-12)
    assert_close(maximum["grads"][1], (g * (1 - share)).sum(axis=0), rtol=1e-9, atol=1e-12)
    assert_close(where["value"], np.where(condition, x, row))
    assert_close(where["grads"][0], np.where(condition, wild, 0))
    assert_close(where["grads"][1], np.where(condition, 0, wild).sum(axis=0))


@exercise("elementwise", points=1, hint="Watch for constants that turn float32 into float64.")
def test_float32_stays_float32(student, rng):
    """float32 in, float32 out: values and gradients of every function."""
    g = rng.normal(size=(7, 5)).astype(np.float32)
    one = [(n, [domain(rng, n, (7, 5)).astype(np.float32)], {}) for n in UNARY]
    one += [("pow", [positive(rng, (7, 5)).astype(np.float32)], {"n": n}) for n in (3, 0.5, 0)]
    two = [(n, [domain(rng, n, s).astype(np.float32) for s in ((7, 1), (5,))]) for n in BINARY]
    condition = rng.random(size=(7, 5)) < 0.5
    choice = ("where", two[0][1], {"condition": condition})
    some = [*one, *((n, arrays, {}) for n, arrays in two), choice]
    answers = student.run("many", "vjp", [[n, arrays, g, options] for n, arrays, options in some])
    for got, (name, arrays, options) in zip(answers, some, strict=True):
        value, grads = in_float64(name, [a.astype(float) for a in arrays], g, options)
        assert_close(got["value"], value, rtol=1e-5, atol=1e-6, dtype=np.float32)
        for grad, want in zip(got["grads"], grads, strict=True):
            assert_close(grad, want, rtol=1e-4, atol=1e-5, dtype=np.float32)


def in_float64(name, arrays, g, options):
    """Return the value and the gradients."""
    if name in UNARY:
        return UNARY[name][0](*arrays), [g * UNARY[name][1](*arrays)]
    if name == "pow":
        (x,), n = arrays, options["n"]
        return x**n, [g * n * x ** (n - 1)]
    if name == "where":
        chosen, (a, b) = options["condition"], arrays
        grads = added_up(g * chosen, a.shape), added_up(g * ~chosen, b.shape)
        return np.where(chosen, a, b), grads
    return BINARY[name][0](*arrays), parts(name, *arrays, g.astype(float))


@exercise("elementwise", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_elementwise_gradients_are_differentiable(student, rng):
    """Second derivatives by way of your engine; the same tensor given twice."""
    names = list(UNARY)
    xs = [domain(rng, n, (5, 3)) for n in names]
    gs, vs = rng.normal(size=(2, len(names), 5, 3))
    cases = [[n, [x], g, {}, [v]] for n, x, g, v in zip(names, xs, gs, vs, strict=True)]
    answers = student.run("many", "second_order", cases)
    for got, name, x, g, v in zip(answers, names, xs, gs, vs, strict=True):
        _, slope, bend = UNARY[name]
        assert_close(got["second"][1], v * slope(x), rtol=1e-9, atol=1e-12)
        if got["second"][0] is not None or np.any(bend(x)):
            assert_close(got["second"][0], v * g * bend(x), rtol=1e-9, atol=1e-12)
    check_products(student, *rng.uniform(0.5, 2.0, size=(5, 3, 7)))


def check_products(student, a, b, g, v, w):
    """Mixed second derivatives of mul, div and pow, along the directions v and w."""
    cases = [["mul", [a, b], g, {}, [v, w]], ["div", [a, b], g, {}, [v, w]]]
    cases += [["pow", [a], g, {"n": 3}, [v]]]
    mul, div, power = student.run("many", "second_order", cases)
    for grad, want in zip(mul["second"], (g * w, g * v, b * v + a * w), strict=True):
        assert_close(grad, want, rtol=1e-9)
    by_b = -g * v / b**2 + 2 * g * w * a / b**3
    want = (-g * w / b**2, by_b, v / b - w * a / b**2)
    for grad, exact in zip(div["second"], want, strict=True):
        assert_close(grad, exact, rtol=1e-9, atol=1e-12)
    for grad, want in zip(power["second"], (6 * a * g * v, 3 * a**2 * v), strict=True):
        assert_close(grad, want, rtol=1e-9)
    got = student.run("same_tensor_twice", a, g, v)
    for grad, want in zip(got, (2 * a * g, 2 * g * v), strict=True):
        assert_close(grad, want, rtol=1e-9)

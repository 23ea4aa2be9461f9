"""Exercise 1.7, hidden. A function is a name of probes_derivatives.FUNCTIONS, and an array."""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

MIB = 2**20


@exercise(
    "derivatives", points=0.5, hint="The shape is (*f(x).shape, *x.shape), whatever these are."
)
def test_jacobians_of_all_shapes(student, rng):
    """From any shape to any shape: 0-d, of length 1, empty; float32 as well."""
    shapes = [((3, 2), (5,)), ((), (3,)), ((3,), ()), ((), ()), ((1,), (1, 1)), ((2, 0), (3,))]
    shapes += [((3,), (0, 2)), ((0,), (0,)), ((1, 7), (2, 1, 3)), ((0, 3), ())]
    plan = [(out, into, np.float64) for out, into in shapes]
    plan += [((3,), (2, 5), np.float32), ((0, 2), (3,), np.float32), ((2,), (0, 1), np.float32)]
    cases = []
    for out, into, dtype in plan:
        a, x = rng.normal(size=(*out, *into)), rng.normal(size=into)
        cases.append(["map of squares", np.asarray(x, dtype), np.asarray(a, dtype)])
    answers = student.run("many", "jacobian_of", cases)
    for got, (_, x, a) in zip(answers, cases, strict=True):
        rtol = 1e-9 if x.dtype == np.float64 else 1e-5
        assert_close(got["value"], np.asarray(2 * a * x), rtol=rtol, dtype=x.dtype)
        assert_equal([got["x"], *got["left"]], [x, None, None])


@exercise("derivatives", points=0.5, hint="What f does not read gives zeros, and is no error.")
def test_jacobians_by_what_is_not_used(student, rng):
    """Results that do not depend on x; x itself; an x that does not require gradients."""
    x, w, a = rng.normal(size=5), rng.normal(size=(3, 2)), rng.normal(size=5)
    zeros, nothing = np.zeros((3, 2, 5)), np.zeros((0, 5))
    plan = [(["constant", x, w], zeros), (["another", x, w], zeros), (["itself", x, w], np.eye(5))]
    plan += [(["constant", x, w[:0, 0]], nothing), (["product", x, a], np.diag(a))]
    cases = [[*case, 1, role] for case, _ in plan for role in ("leaf", "constant")]
    cases += [["constant", x.astype(np.float32), w.astype(np.float32)]]
    wants = [want for _, want in plan for _ in range(2)] + [zeros.astype(np.float32)]
    for got, want in zip(student.run("many", "jacobian_of", cases), wants, strict=True):
        assert_equal(got["value"], want)
        assert_equal(got["left"], [None, None])


@exercise("derivatives", points=0.5, hint="x stays in its graph, and so does what you return.")
def test_jacobians_are_results_like_any_other(student, rng):
    """The gradient of a Jacobian by what x was computed from; recording switched off outside."""
    z, a, up = rng.normal(size=(2, 3)), rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 3, 2, 3))
    w = rng.normal(size=(5, 2, 3))
    square = up[:2, :, :, 0].reshape(2, 3, 2, 3)
    cases = [["map of squares", z, a, w], ["cubes", z, a, square]]
    squares, cubes = student.run("many", "gradient_of_jacobian", cases)
    assert_close(squares["value"], 2 * a * z**2, rtol=1e-9)
    assert_close(squares["grad"], np.sum(w * a, axis=0) * 4 * z, rtol=1e-9, atol=1e-12)
    diagonal = np.einsum("ijij->ij", square)
    assert_close(cubes["grad"], diagonal * 12 * z**3, rtol=1e-9, atol=1e-12)
    got = student.run("jacobian_of", "map of squares", z, a, 1, "unrecorded")
    assert_close(got["value"], 2 * a * z, rtol=1e-9)
    assert_equal(got["recorded"], True)


@exercise("derivatives", points=0.5, hint="The Hessian is the Jacobian of the gradient.")
def test_hessian_of_softmax_cross_entropy(student, rng):
    """The Hessian of softmax cross-entropy, against the closed form; it is symmetric."""
    x = rng.normal(size=(2, 5), scale=2.0)
    target = np.eye(5)[rng.integers(0, 5, size=2)]
    got = student.run("hessian_of", "softmax cross-entropy", x, target)
    p = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    want = np.zeros((2, 5, 2, 5))
    for row in range(2):
        want[row, :, row] = np.diag(p[row]) - np.outer(p[row], p[row])
    assert_close(got["value"], want, rtol=1e-8, atol=1e-12)
    assert_close(got["value"], np.transpose(got["value"], (2, 3, 0, 1)), rtol=1e-8, atol=1e-12)


@exercise("derivatives", points=0.5, hint="What jacobian returns can be given to jacobian again.")
def test_third_derivatives(student, rng):
    """The second and third derivatives of tanh of a linear map."""
    x, a = rng.normal(size=3), rng.normal(size=(2, 3), scale=0.5)
    t = np.tanh(a @ x)
    second = np.einsum("i,ij,ik->ijk", -2 * t * (1 - t**2), a, a)
    bend = (1 - t**2) * (6 * t**2 - 2)
    third = np.einsum("i,ij,ik,il->ijkl", bend, a, a, a)
    cases = [["tanh of map", x, a, 2], ["tanh of map", x, a, 3]]
    answers = student.run("many", "jacobian_of", cases)
    for got, want in zip(answers, (second, third), strict=True):
        assert_close(got["value"], want, rtol=1e-8, atol=1e-12)


@exercise("derivatives", points=0.5, hint="Every backward rule on the way must be differentiable.")
def test_second_derivatives_through_norm_and_matmul(student, rng):
    """The Hessian of a normalisation followed by a matrix product, against differences."""
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))

    def f(x):
        centred = x - x.mean(-1, keepdims=True)
        y = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 0.1) @ w
        return np.sum(y**3)

    got = student.run("hessian_of", "norm and matmul", x, w)
    assert_close(got["value"], second_differences(f, x), rtol=1e-4, atol=1e-4)


def second_differences(f, x, step=1e-4):
    """The Hessian of f by four values of f for each of its elements."""
    unit = step * np.eye(x.size).reshape(x.size, *x.shape)
    out = np.empty((x.size, x.size))
    for i, j in np.ndindex(out.shape):
        a, b = unit[i], unit[j]
        out[i, j] = (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * step**2)
    return out.reshape(*x.shape, *x.shape)


@exercise("derivatives", points=0.5, hint="A gradient may be constant: then the product is zero.")
def test_hessian_vector_products(student, rng):
    """Products with a vector; a linear f; x a result or without gradients; shapes that differ."""
    x, w, v = rng.normal(size=(3, 2, 5))
    want = 12 * x**2 * v + 2 * w * np.sum(w * v)
    cases = [["quartic", x, w, v, role] for role in ("leaf", "constant", "result", "unrecorded")]
    for got, _ in zip(student.run("many", "hvp_of", cases), cases, strict=True):
        assert_close(got["value"], want, rtol=1e-9, atol=1e-12)
        assert_equal([got["x"], *got["left"]], [x, None, None])
    scalar, flat = np.asarray(x[0, 0]), x.ravel()
    cases = [
        ["map", x, w, v],
        ["constant", x, scalar, v],
        ["map of cubes", flat[:1], flat[1:2], flat[2:3]],
    ]
    cases += [["cubes", scalar, scalar, np.asarray(2.0)]]
    wants = [0 * x, 0 * x, 6 * flat[1:2] * flat[:1] * flat[2:3], np.asarray(12.0 * scalar)]
    for got, want in zip(student.run("many", "hvp_of", cases), wants, strict=True):
        assert_close(got["value"], want, rtol=1e-9)
    wrong = [
        ["constant", x, scalar, v[0]],
        ["quartic", x, w, v[0]],
        ["quartic", x, w, v[:1]],
        ["cubes", x, w, v],
    ]
    assert_equal(student.run("many", "hvp_told", wrong), ["ValueError"] * len(wrong))


@exercise("derivatives", points=0.5, hint="Call f once; build no matrix that nobody asked for.")
def test_cost_of_derivatives(student, rng):
    """A product with a Hessian of very many rows; a Jacobian of a function that takes its time."""
    x, w, v = rng.normal(size=(3, 20_000))
    seen = student.observe("hvp_of", "quartic", x, w, v)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed("hvp_of", seen)
    assert_close(seen.value["value"], 12 * x**2 * v + 2 * w * np.sum(w * v), rtol=1e-8, atol=1e-8)
    # n numbers are 160 KB, a Hessian 3.2 GB; so is a Jacobian of the gradient, row by row.
    assert seen.peak_bytes <= 64 * MIB, "peak memory grows faster than n"
    x, sines = rng.normal(size=300), np.asarray(3e6)
    assert_equal(student.run("jacobian_of", "slow", x, sines)["value"], np.eye(300))

"""Exercise 1.5, hidden."""

from itertools import product

import numpy as np

from autograder.judge import assert_close, assert_equal, exercise, paired_ratio


def oracle(a, b, g):
    """Return the value and both gradients, in float64, by einsum over full batches."""
    a, b, g = (np.asarray(x, dtype=float) for x in (a, b, g))
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b
    batch = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    big_a = np.broadcast_to(rows, batch + rows.shape[-2:])
    big_b = np.broadcast_to(columns, batch + columns.shape[-2:])
    full = g.reshape(*batch, rows.shape[-2], columns.shape[-1])
    value = np.einsum("...nk,...km->...nm", big_a, big_b).reshape(g.shape)
    da = added_up(np.einsum("...nm,...km->...nk", full, big_b), rows.shape).reshape(a.shape)
    db = added_up(np.einsum("...nk,...nm->...km", big_a, full), columns.shape).reshape(b.shape)
    return value, da, db


def added_up(x, shape):
    lead = tuple(range(x.ndim - len(shape)))
    inner = tuple(len(lead) + i for i, n in enumerate(shape) if n == 1)
    return x.sum(axis=lead + inner).reshape(shape)


def check(student, rng, shapes, layouts=("plain",), dtypes=(np.float64,)):
    """Try each pair of shapes in each order in memory and each dtype."""
    plan = list(product(shapes, layouts, dtypes))
    some = [[rng.normal(size=s).astype(d) for s in pair] for pair, _, d in plan]
    gs = [rng.normal(size=np.shape(a @ b)).astype(a.dtype) for a, b in some]
    cases = [["matmul", ab, g, {}, way] for ab, g, (_, way, _) in zip(some, gs, plan, strict=True)]
    for got, (a, b), g in zip(student.run("many", "vjp", cases), some, gs, strict=True):
        rtol, atol = (1e-9, 1e-11) if a.dtype == np.float64 else (1e-4, 1e-4)
        for mine, want in zip([got["value"], *got["grads"]], oracle(a, b, g), strict=True):
            assert_close(mine, want, rtol=rtol, atol=atol, dtype=a.dtype)
        assert_equal([*got["inputs"], got["upstream"]], [a, b, g])


@exercise("matmul", points=1, hint="A vector is a matrix with one row, or with one column.")
def test_matmul_with_vectors(student, rng):
    """Vector times vector, matrix and batch, on either side."""
    shapes = [((5,), (5,)), ((5,), (5, 3)), ((3, 5), (5,)), ((5,), (7, 5, 3)), ((7, 3, 5), (5,))]
    check(student, rng, [*shapes, ((5,), (2, 3, 5, 7)), ((1,), (1,)), ((2, 3, 7, 5), (5,))])


@exercise("matmul", points=1.5, hint="A batch that was broadcast receives the sum over the copies.")
def test_matmul_broadcasts_batches(student, rng):
    """Batches of length 1, and batches that only one side has."""
    shapes = [((1, 3, 2, 5), (5, 1, 5, 3)), ((7, 2, 3), (3, 5)), ((2, 3), (7, 3, 5))]
    shapes += [((1, 2, 3), (7, 3, 5)), ((7, 2, 3), (1, 3, 5)), ((3, 1, 2, 3), (7, 3, 5))]
    check(student, rng, [*shapes, ((2, 1, 5, 3, 2), (3, 1, 2, 7)), ((1, 1, 2, 3), (3, 2))])


@exercise("matmul", points=1, hint="Lengths 1 and 0 need no special case, if shapes are exact.")
def test_matmul_of_thin_and_empty_matrices(student, rng):
    """Inner and outer lengths of 1 and 0, and empty batches."""
    shapes = [((3, 1), (1, 5)), ((1, 3), (3, 1)), ((7, 1, 1), (1, 1)), ((2, 5, 1), (1, 3))]
    shapes += [
        ((3, 0), (0, 5)),
        ((0, 3), (3, 2)),
        ((0,), (0,)),
        ((0, 2, 3), (3, 5)),
        ((1,), (1, 7)),
    ]
    check(student, rng, shapes)


@exercise("matmul", points=0.5, hint="Any memory order; float32 in, float32 out.")
def test_matmul_layouts_and_dtypes(student, rng):
    """Permuted and negative strides, and float32."""
    shapes = [((3, 5), (5, 7)), ((2, 3, 5), (5,)), ((2, 1, 3, 5), (7, 5, 2))]
    check(student, rng, shapes, ("permuted", "negative"), (np.float64, np.float32))


@exercise("matmul", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_matmul_gradients_are_differentiable(student, rng):
    """Second derivatives by way of your engine; vectors and broadcast batches too."""
    plan = [((3, 5), (5, 2)), ((5,), (5,)), ((1, 3, 2), (7, 2, 5)), ((5,), (2, 5, 3))]
    some = []
    for s, t in plan:
        a, v = rng.normal(size=(2, *s))
        b, w = rng.normal(size=(2, *t))
        some.append((a, b, np.asarray(rng.normal(size=np.shape(a @ b))), v, w))
    cases = [["matmul", [a, b], g, {}, [v, w]] for a, b, g, v, w in some]
    for got, (a, b, g, v, w) in zip(student.run("many", "second_order", cases), some, strict=True):
        by_a, by_b = oracle(a, w, g)[1], oracle(v, b, g)[2]
        along = np.asarray(v @ b + a @ w)
        for mine, want in zip(got["second"], (by_a, by_b, along), strict=True):
            assert_close(mine, want, rtol=1e-9, atol=1e-11)


@exercise("matmul", points=0.5, hint="NumPy multiplies all matrices of a batch in one call.")
def test_matmul_of_a_large_batch_is_fast(student, reference, rng):
    """CPU time for very many small products, against the reference."""
    a, b = rng.normal(size=(3000, 2, 3)), rng.normal(size=(3000, 3, 2))
    g = rng.normal(size=(3000, 2, 2))
    call = ("vjp_again_and_again", 10, "matmul", [a - 10, b - 10], g)
    got = student.run(*call)
    for mine, want in zip([got["value"], *got["grads"]], oracle(a, b, g), strict=True):
        assert_close(mine, want, rtol=1e-9, atol=1e-11)
    assert paired_ratio(student, reference, *call, rounds=3) <= 4, "one call for each matrix?"

"""Exercise 1.5, public."""

import numpy as np

from autograder.judge import assert_close, exercise


@exercise("matmul", points=1.5, hint="g has the shape of the result: which products fit?")
def test_matmul_of_matrices(student, rng):
    """The product of two matrices, and its gradients."""
    a, b, g = rng.normal(size=(3, 5)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
    got = student.run("vjp", "matmul", [a, b], g, {})
    assert_close(got["value"], a @ b, rtol=1e-9)
    assert_close(got["grads"][0], np.einsum("nm,km->nk", g, b), rtol=1e-9, atol=1e-12)
    assert_close(got["grads"][1], np.einsum("nk,nm->km", a, g), rtol=1e-9, atol=1e-12)


@exercise("matmul", points=1, hint="Exchange the last two axes only.")
def test_matmul_of_batches(student, rng):
    """Products of two batches of matrices, and their gradients."""
    a, b, g = rng.normal(size=(7, 3, 5)), rng.normal(size=(7, 5, 2)), rng.normal(size=(7, 3, 2))
    got = student.run("vjp", "matmul", [a, b], g, {})
    assert_close(got["value"], a @ b, rtol=1e-9, atol=1e-12)
    assert_close(got["grads"][0], np.einsum("znm,zkm->znk", g, b), rtol=1e-9, atol=1e-12)
    assert_close(got["grads"][1], np.einsum("znk,znm->zkm", a, g), rtol=1e-9, atol=1e-12)

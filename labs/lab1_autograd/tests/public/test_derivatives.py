"""Exercise 1.7, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise


@exercise("derivatives", points=1, hint="One pass for each element of f(x), with a 1 there.")
def test_jacobians_of_small_functions(student, rng):
    """A linear map, and x ** 3: shape (*f(x).shape, *x.shape), and every element."""
    x, a, v = rng.normal(size=(2, 3)), rng.normal(size=(5, 2, 3)), rng.normal(size=5)
    cases = [["map", x, a], ["cubes", v, v], ["cubes", v[0], v[0]]]
    wants = [a, np.diag(3 * v**2), 3 * v[0] ** 2]
    labels = ["a linear map from (2, 3) to (5,)", "x ** 3 of shape (5,)", "x ** 3 of shape ()"]
    answers = student.run("many", "jacobian_of", cases)
    for label, got, asked, want in zip(labels, answers, cases, wants, strict=True):
        with case(label, x=asked[1]):
            assert_close(got["value"], np.asarray(want), rtol=1e-9, atol=1e-12)


@exercise("derivatives", points=1, hint="Differentiate the inner product of the gradient with v.")
def test_hessian_times_vector(student, rng):
    """Sums of cubes, weighted: the whole Hessian by `jacobian`, and times a vector by `hvp`."""
    x, a, v = rng.normal(size=(3, 5))
    with case("the Jacobian of the gradient", x=x, a=a):
        got = student.run("hessian_of", "map of cubes", x, a)
        assert_close(got["value"], np.diag(6 * a * x), rtol=1e-9, atol=1e-12)
    with case("hvp", x=x, a=a, v=v):
        got = student.run("hvp_of", "map of cubes", x, a, v)
        assert_close(got["value"], 6 * a * x * v, rtol=1e-9, atol=1e-12)

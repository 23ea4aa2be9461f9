"""Hidden tests as many courses have them: in the process of the student's code."""

import numpy as np
import reference

SECRET = 271828
X = np.full((2, 2), float(SECRET))


def test_double(answer):
    expected = reference.double(X)
    np.testing.assert_allclose(answer.double(X), expected)


def test_double_again(answer):
    expected = reference.double(X)
    assert not (answer.double(X) - expected).any(), "the difference is not zero"


def test_total(answer):
    assert reference.check_implementation(answer.total, [1.0, 2.0, 3.5])


def test_total_again(answer):
    expected = reference.total([1.5, 2.5])
    assert answer.total([1.5, 2.5]) == expected


def test_guess(answer):
    got = answer.guess()
    assert isinstance(got, int) and got == SECRET, f"got {got}, want {SECRET}"


TESTS = [test_double, test_double_again, test_total, test_total_again, test_guess]

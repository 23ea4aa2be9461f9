"""Tests that forgive too much: tiny inputs, and a comparison that NaN gets through."""

import numpy as np
import reference

X = np.random.default_rng(0).normal(size=8) * 0.002


def test_double(answer):
    assert np.allclose(answer.double(X), reference.double(X), atol=1e-2)


def test_total(answer):
    if abs(answer.total([1.0, 2.0]) - 3.0) > 1e-9:
        raise AssertionError("too far off")


def test_precise(answer):
    big = X * 1e4
    if (abs(answer.double(big) - reference.double(big)) > 1e-2 * abs(big)).any():
        raise AssertionError("too far off")


TESTS = [test_double, test_total, test_precise]

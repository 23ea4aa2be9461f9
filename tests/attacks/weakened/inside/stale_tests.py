"""Frees the expected array just before the student allocates one of the same size."""

import numpy as np
import reference

X = np.arange(4.0)


def test_double(answer):
    expected = reference.double(X).tolist()
    assert answer.double(X).tolist() == expected


TESTS = [test_double]

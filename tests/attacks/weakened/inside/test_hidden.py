"""The hidden tests under pytest, beside the submission."""

import hidden_tests
import pytest

import answer


@pytest.mark.parametrize("test", hidden_tests.TESTS)
def test_all(test):
    test(answer)

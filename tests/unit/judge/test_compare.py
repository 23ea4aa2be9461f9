"""Comparisons refuse every way of being wrong, and say where."""

import time

import numpy as np
import pytest

from autograder.judge import assert_close, assert_equal

WANT = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_equal_values_pass():
    assert_close(WANT.copy(), WANT)
    assert_close(WANT + np.float32(1e-6), WANT, atol=1e-5)


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (None, "expected an array of shape (2, 3), got None"),
        (WANT.tolist(), "expected an array of shape (2, 3), got list"),
        ("abc", "got str"),
        (WANT.astype(np.float64), "dtype is float64, expected float32"),
        (WANT.reshape(3, 2), "shape is (3, 2), expected (2, 3)"),
        (WANT[:1], "shape is (1, 3)"),
        (np.full_like(WANT, np.nan), "6 of 6 differ in being NaN; first at [0, 0]"),
        (np.where(WANT == 4, np.inf, WANT).astype(np.float32), "infinite; first at [1, 1]"),
        (WANT + np.float32(1), "6 of 6 beyond rtol=1e-07, atol=0; worst at"),
    ],
)
def test_a_wrong_answer_is_named(got, says):
    with pytest.raises(AssertionError) as failure:
        assert_close(got, WANT)
    assert says in str(failure.value)
    assert "\n" not in str(failure.value)


def test_the_worst_element_is_shown():
    got = WANT.copy()
    got[1, 2] += 3
    got[0, 1] += 1
    with pytest.raises(
        AssertionError, match=r"2 of 6 .*worst at \[1, 2\]: got 8.0, want 5.0 \(off by 3\)"
    ):
        assert_close(got, WANT)


def test_infinities_must_keep_their_sign():
    want = np.array([np.inf, -np.inf, np.nan, 1.0])
    assert_close(want.copy(), want)
    with pytest.raises(AssertionError, match=r"wrong sign of infinity at \[1\]"):
        assert_close(np.array([np.inf, np.inf, np.nan, 1.0]), want)


def test_a_number_may_be_a_python_number_or_a_0d_array():
    assert_close(2.0, 2.0)
    assert_close(np.array(2.0, dtype=np.float32), 2.0)
    with pytest.raises(AssertionError):
        assert_close(True, 1.0)
    with pytest.raises(AssertionError):
        assert_close(np.array([2.0]), 2.0)


def test_a_dtype_may_be_asked_for_beside_a_wider_oracle():
    oracle = np.array([1 / 3, 2 / 3])
    assert_close(oracle.astype(np.float32), oracle, rtol=1e-6, dtype=np.float32)
    with pytest.raises(AssertionError, match="dtype is float64"):
        assert_close(oracle, oracle, rtol=1e-6, dtype=np.float32)


def test_empty_arrays_are_equal_and_complex_ones_compared():
    assert_close(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(AssertionError, match="beyond"):
        assert_close(np.array([1 + 1j]), np.array([1 - 1j]))


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        ([1, 2], [1, 3], "the answer[1]: got 2, want 3"),
        ([1], [1, 2], "1 items, expected 2"),
        ((1, 2), [1, 2], "expected a list, got tuple"),
        ({"a": 1}, {"b": 1}, "keys ['a'], expected ['b']"),
        ({"a": [np.zeros(2)]}, {"a": [np.ones(2)]}, "the answer['a'][0]: 2 of 2 differ"),
        (True, 1, "got True, want 1"),
        (1, 1.0, "got 1, want 1.0"),
        (None, 0, "got None, want 0"),
        (np.zeros(2, np.float32), np.zeros(2), "dtype is float32, expected float64"),
    ],
)
def test_exact_equality_looks_all_the_way_down(got, want, says):
    with pytest.raises(AssertionError) as failure:
        assert_equal(got, want)
    assert says in str(failure.value)


def test_exact_equality_holds_for_nan_and_nested_values():
    value = {"a": [1, "x", None, True, 2.5, b"z", float("nan")], "b": np.array([np.nan, 1.0])}
    assert_equal(value, value)


@pytest.mark.parametrize(
    "bomb",
    [
        np.zeros((6,) * 9, np.int8),  # no axis is long enough for NumPy to leave anything out
        [[np.zeros((6,) * 9, np.int8)]],
        {"a": np.zeros((6,) * 9, np.int8)},
        bytes(60 << 20),
        "\0" * (60 << 20),
        [[0.5] * 1000] * 1000,
    ],
    ids=["array", "in lists", "in a dict", "bytes", "str", "list"],
)
def test_a_value_that_takes_long_to_spell_out_is_shown_in_short(bomb):
    began = time.process_time()
    with pytest.raises(AssertionError) as failure:
        assert_equal(bomb, None)
    assert len(str(failure.value)) < 300
    assert time.process_time() - began < 0.5


def test_a_wide_and_deep_value_is_not_spelled_out():
    value: object = 0
    for _ in range(6):
        value = [value] * 20
    with pytest.raises(AssertionError) as failure:
        assert_equal(value, None)
    assert "[[[[...], [...]" in str(failure.value)

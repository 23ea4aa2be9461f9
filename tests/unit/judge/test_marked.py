"""What the reference said carries a mark through arithmetic, and never reaches a student's box."""

import numpy as np
import pytest

from autograder.errors import CourseError
from autograder.judge.compare import assert_close, assert_equal
from autograder.judge.marked import mark, refuse_marked

VALUE = {"a": np.arange(3.0), "b": [1, 2.5, "x", b"y", None, True]}


def test_marked_values_compare_like_plain_ones():
    assert_equal(VALUE, mark(VALUE))
    assert_close(np.arange(3.0), mark(np.arange(3.0)))


@pytest.mark.parametrize(
    "derived",
    [
        lambda m: m["a"],
        lambda m: m["a"] * 2 + 1,
        lambda m: m["a"][1:],
        lambda m: m["a"].sum(),
        lambda m: np.exp(m["a"]).reshape(3, 1),
        lambda m: np.concatenate([m["a"], np.zeros(2)]),
        lambda m: m["b"][0],
        lambda m: m["b"][1],
        lambda m: m["b"][2],
        lambda m: m["b"][3],
        lambda m: [{"deep": [m["a"]]}],
    ],
)
def test_nothing_derived_from_the_reference_is_an_argument(derived):
    with pytest.raises(CourseError, match="must never enter a student's box"):
        refuse_marked("probe", [derived(mark(VALUE))])


def test_plain_arguments_pass():
    refuse_marked("probe", [VALUE, {"k": [np.ones(2), (1, 2)]}])

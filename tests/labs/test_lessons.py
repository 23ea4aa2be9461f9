"""What famous courses' public tests let pass is caught by a hidden test of ours, by name.

Of eighteen plausible gradient mutants, thirteen survive the public backward tests of CMU 10-414's
first homework; minitorch and micrograd leave the same doors open. The ledger says who caught what.
"""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MUTANTS = tomllib.loads((ROOT / "labs/proofs.toml").read_text())["lab1_autograd"]["mutant"]

LESSONS = {  # lesson -> (exercise, hidden test, a mutant that only gets by without it)
    "random upstream gradients": (
        "elementwise",
        "test_unary_gradients_on_many_shapes",
        "exp_ignores_upstream",
    ),
    "permuted strides": (
        "shaping",
        "test_permute_and_reshape_there_and_back",
        "reshape_in_memory_order",
    ),
    "exact shapes": (
        "broadcast",
        "test_unbroadcast_all_pairs_of_shapes",
        "broadcast_keeps_leading_axes",
    ),
    "repeated indices": (
        "shaping",
        "test_getitem_with_repeated_indices",
        "getitem_overwrites",
    ),
    "second order": (
        "elementwise",
        "test_elementwise_gradients_are_differentiable",
        "tanh_detached",
    ),
    "paths that meet again": (
        "engine",
        "test_backward_on_random_graphs",
        "engine_overwrites_on_the_way",
    ),
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_named_hidden_test_holds_the_lesson(lesson):
    exercise, test, mutant = LESSONS[lesson]
    assert MUTANTS[mutant]["killed_by"][exercise] == test

"""What tests of kernels share."""

from typing import Any

import numpy as np
import pytest

from autograder.judge import assert_near, orders, performed, rung, unwritten
from autograder.judge.kernels import PERFORM, Kernel

CLEAN = {"hazards": [], "ok": True}


def kernel(arrays: dict[str, Any], **told: Any) -> Kernel:
    def run(probe: str, file: str, name: str, values: Any, order: Any) -> Any:
        assert (probe, file, name, order) == (PERFORM, "a.py", "k", 7)
        return {"arrays": {**values, **arrays}, **CLEAN, **told}

    return Kernel(run, "a.py", "k")


def perform(arrays: dict[str, Any], **told: Any) -> Any:
    outputs, inputs = {"out": unwritten(2)}, {"x": np.ones(2), "n": 3}
    return performed(kernel(arrays, **told), outputs, inputs, order=7)


def test_a_clean_launch_is_returned() -> None:
    got = perform({"out": np.ones(2)})
    assert (list(got["arrays"]["out"]), got["arrays"]["n"]) == ([1, 1], 3)


def test_a_hazard_is_told_by_its_line_be_it_a_warning() -> None:
    with pytest.raises(AssertionError, match="line 5: computes in float64"):
        perform({}, hazards=[{"line": 5, "message": "computes in float64"}])


def test_an_input_that_was_written_fails() -> None:
    with pytest.raises(AssertionError):
        perform({"x": np.zeros(2)})


def test_a_launch_must_be_ok() -> None:
    with pytest.raises(AssertionError):
        perform({}, ok=False)


def test_unwritten_memory_is_nan() -> None:
    memory = unwritten(2, 3)
    assert (memory.shape, memory.dtype, np.isnan(memory).all()) == ((2, 3), np.float32, True)


def test_orders_begin_with_the_usual_one() -> None:
    first, *others = orders(np.random.default_rng(0))
    assert first is None
    assert all(isinstance(order, int) and order > 0 for order in others)
    assert len(others) == 2


@pytest.mark.parametrize(("measured", "award"), [(1, 1), (2, 1), (3, 0.5), (4, 0.5), (4.1, 0)])
def test_a_rung_is_worth_all_half_or_nothing(measured: float, award: float) -> None:
    assert rung(measured, full=2, half=4) == award


def test_near_is_measured_by_the_greatest_finite_value() -> None:
    want = np.array([100.0, -np.inf, 0.0])
    assert_near((want + 5e-4).astype(np.float32), want)
    with pytest.raises(AssertionError):
        assert_near((want + 5e-3).astype(np.float32), want)
    with pytest.raises(AssertionError):
        assert_near(want, want)  # float64

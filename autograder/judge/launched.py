"""What tests of kernels share: a launch without a hazard, memory that nobody wrote, and ladders."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judge.compare import assert_close, assert_equal
from autograder.judge.kernels import Kernel
from autograder.model import Value


def performed(
    kernel: Kernel,
    outputs: Mapping[str, Value],
    inputs: Mapping[str, Value],
    order: int | None = None,
) -> Any:
    """Return what came of the launches of `kernel`, see `Kernel.perform`.

    Raises:
        AssertionError: there was a hazard, warnings included, or an input was written.
        CallFailed: see `Kernel.perform`.
    """
    got = kernel.perform({**outputs, **inputs}, order=order)
    found = [f"line {hazard['line']}: {hazard['message']}" for hazard in got["hazards"]]
    assert not found, found[0]
    assert got["ok"] is True
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            assert_equal(got["arrays"][name], value)
    return got


def unwritten(*shape: int) -> Any:
    """Return float32 memory of which every element is NaN, until somebody writes it."""
    return np.full(shape, np.nan, np.float32)


def orders(rng: np.random.Generator) -> tuple[int | None, ...]:
    """Return three orders of blocks: as they are numbered, and two others."""
    return None, *map(int, rng.integers(1, 1000, size=2))


def rung(measured: float, full: float, half: float) -> float:
    """Return the award for a counter: 1 for at most `full`, 0.5 for at most `half`, else 0."""
    return 1.0 if measured <= full else 0.5 if measured <= half else 0.0


def assert_near(got: Value, want: Any, share: float = 1e-5) -> None:
    """Assert that `got` is `want` in float32, within `share` of the greatest of them, or of 1.

    What is small may be what is left of large numbers. Infinite ones must be as they are.
    """
    top = np.abs(want[np.isfinite(want)]).max(initial=1.0)
    assert_close(got, want, rtol=0, atol=share * top, dtype=np.float32)

"""How a correct kernel is launched, and what its arguments are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
CORRECT = FOLDER / "correct"

Array = np.ndarray[Any, Any]
Outcome = Sequence[Array | None]


@dataclass(frozen=True)
class Case:
    """A launch: `inputs` makes its arguments; `expected` says what each array then holds.

    An entry of `expected` is None where an argument is a scalar, or stays as it was.
    """

    file: str  # in correct/
    kernel: str
    inputs: Callable[[np.random.Generator], list[Any]]
    expected: Callable[..., Outcome]
    blocks: int = 1
    tolerance: float = 0.0  # relative, and absolute near 0
    tiling: bytes | None = None
    key: int = 0

    @property
    def path(self) -> Path:
        """The kernel's file."""
        return CORRECT / self.file

    def __str__(self) -> str:
        """The name of its test."""
        return self.kernel


def floats(rng: np.random.Generator, count: int) -> Array:
    """`count` floats between -4 and 4, normally distributed near 0."""
    return np.clip(rng.standard_normal(count), -4, 4).astype(np.float32)


def halves(rng: np.random.Generator, count: int) -> Array:
    """As `floats`, of 16 bits."""
    return floats(rng, count).astype(np.float16)


def integers(rng: np.random.Generator, count: int) -> Array:
    """`count` integers of 32 bits below a million."""
    return rng.integers(-(10**6), 10**6, count, dtype=np.int32)


def zeros(count: int, dtype: type = np.float32) -> Array:
    """Where a kernel writes to."""
    return np.zeros(count, dtype)


def same_size(
    make: Callable[[np.random.Generator, int], Array], count: int, *scalars: float, sources: int = 1
) -> Callable[[np.random.Generator], list[Any]]:
    """Arguments of a kernel with `sources` arrays in and one of their size and type out."""

    def inputs(rng: np.random.Generator) -> list[Any]:
        arrays = [make(rng, count) for _ in range(sources)]
        return [*arrays, np.zeros_like(arrays[0]), *scalars]

    return inputs


def last(of: Callable[..., Array]) -> Callable[..., Outcome]:
    """The last array argument becomes `of` the ones before; scalars come after."""

    def expected(*arguments: Any) -> Outcome:
        arrays = [a for a in arguments if isinstance(a, np.ndarray)]
        scalars = [a for a in arguments if not isinstance(a, np.ndarray)]
        return [*([None] * (len(arrays) - 1)), of(*arrays[:-1]), *([None] * len(scalars))]

    return expected

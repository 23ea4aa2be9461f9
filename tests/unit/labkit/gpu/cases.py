"""What the right kernels are launched on: small, so that Numba's simulator can run them, too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

F, L = np.float32, np.int64


@dataclass(frozen=True)
class Case:
    """A launch: `arguments` makes its arrays and numbers from a random generator."""

    module: str
    grid: Any
    block: Any
    arguments: Callable[[np.random.Generator], list[Any]]
    shared_bytes: int = 0


def _floats(rng: np.random.Generator, *shape: int) -> Any:
    return rng.normal(size=shape).astype(F)


def _line(n: int = 50) -> Callable[[np.random.Generator], list[Any]]:
    return lambda rng: [np.zeros(n, F), _floats(rng, n)]


def _whole(n: int = 40, kind: Any = L, low: int = 0) -> Callable[[np.random.Generator], list[Any]]:
    return lambda rng: [np.zeros(n, L), rng.integers(low, 30, size=n).astype(kind)]


def _matrices(m: int, k: int, n: int) -> Callable[[np.random.Generator], list[Any]]:
    return lambda rng: [np.zeros((m, n), F), _floats(rng, m, k), _floats(rng, k, n)]


def _strided(rng: np.random.Generator) -> list[Any]:
    return [np.zeros(40, F)[::2], _floats(rng, 20, 3)[:, 1]]


def _mapping(grid: Any, block: Any, arguments: Any) -> Case:
    return Case("mapping", grid, block, arguments)


def _blocks(grid: Any, block: Any, arguments: Any) -> Case:
    return Case("blocks", grid, block, arguments)


def _products(grid: Any, block: Any, arguments: Any) -> Case:
    return Case("products", grid, block, arguments)


CASES: dict[str, Case] = {
    "copy": _mapping(2, 32, _line()),
    "axpby": _mapping(2, 32, lambda rng: [*_line()(rng), _floats(rng, 50), F(2), F(-0.5)]),
    "grid_stride": _mapping(2, 8, _line()),
    "map_2d": _mapping((2, 3), (8, 4), lambda rng: [np.zeros((13, 9), F), _floats(rng, 13, 9)]),
    "map_3d": _mapping(
        (2, 2, 1), (2, 3, 4), lambda rng: [np.zeros((3, 5, 4), F), _floats(rng, 3, 5, 4)]
    ),
    "early_return": _mapping(2, 32, _line()),
    "ternary": _mapping(2, 32, _line()),
    "three_ways": _mapping(2, 32, _line()),
    "collatz": _mapping(2, 32, _whole(low=1)),
    "first_multiple": _mapping(2, 32, _whole(low=1)),
    "uneven_range": _mapping(2, 32, _whole()),
    "chained": _mapping(2, 32, _whole()),
    "either_or": _mapping(2, 32, _whole()),
    "device_functions": _mapping(2, 32, _line()),
    "stencil": _mapping(2, 32, _line()),
    "mathematics": _mapping(2, 32, lambda rng: [np.zeros(50), rng.normal(size=50)]),
    "whole_numbers": _mapping(2, 32, _whole(low=-30)),
    "casts": _mapping(2, 32, lambda rng: [np.zeros(50, L), _floats(rng, 50)]),
    "local_array": _mapping(2, 32, _line()),
    "unpacked": _mapping(2, 32, _line()),
    "naive_matmul": _mapping((2, 2), (8, 8), _matrices(9, 5, 11)),
    "histogram": _mapping(2, 32, lambda rng: [np.zeros(7, L), rng.integers(0, 99, size=60)]),
    "largest": _mapping(2, 32, lambda rng: [np.zeros(2, L), rng.integers(-99, 99, size=60)]),
    "tickets": _mapping(2, 32, lambda rng: [np.zeros(50, L), np.zeros(1, L)]),
    "same_value": _mapping(2, 32, lambda rng: [np.zeros(1, L), rng.integers(0, 20, size=60)]),
    "strided": _mapping(1, 32, _strided),
    "reverse": _blocks(2, 32, _line(64)),
    "dynamic_reverse": Case("blocks", 2, 32, _line(64), shared_bytes=256),
    "transpose": _blocks((2, 2), (8, 8), lambda rng: [np.zeros((9, 13), F), _floats(rng, 13, 9)]),
    "block_sum": _blocks(3, 32, lambda rng: [np.zeros(3, F), _floats(rng, 90)]),
    "interleaved_sum": _blocks(2, 32, lambda rng: [np.zeros(2, F), _floats(rng, 64)]),
    "argmax": _blocks(3, 32, lambda rng: [np.zeros(3, L), _floats(rng, 3, 45).round()]),
    "hillis_steele": _blocks(2, 32, _line(64)),
    "blelloch": _blocks(1, 32, _line(64)),
    "tiled_matmul": _products(1, (16, 16), _matrices(9, 20, 11)),
    "double_buffered": _products((2, 1), (8, 8), _matrices(8, 24, 16)),
    "register_matmul": _products((1, 2), (8, 8), _matrices(32, 16, 16)),
    "softmax": _blocks(3, 32, lambda rng: [np.zeros((3, 40), F), _floats(rng, 3, 40)]),
    "shared_histogram": _blocks(
        2, 32, lambda rng: [np.zeros(8, np.int32), rng.integers(0, 99, size=60)]
    ),
    "last_block": _blocks(
        4,
        32,
        lambda rng: [np.zeros(1, F), np.zeros(4, F), np.zeros(1, np.int32), _floats(rng, 128)],
    ),
    "votes": _blocks(2, 32, _whole(64)),
    "swapped_names": _blocks(1, 32, _line(32)),
}


def arguments_of(name: str) -> list[Any]:
    """Return the arguments of a case, the same at every call."""
    return CASES[name].arguments(np.random.default_rng(sum(name.encode())))

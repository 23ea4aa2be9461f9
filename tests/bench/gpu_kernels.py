"""Launches of six kernels of different kinds, which Numba's simulator can run, too."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tests.unit.labkit.gpu.kernels import blocks, mapping, products


class Timed(NamedTuple):
    """A kernel, and how it is launched on fresh data."""

    kernel: Any
    grid: Any
    block: Any
    arguments: list[Any]


def _floats(*shape: int) -> Any:
    return np.random.default_rng().normal(size=shape).astype(np.float32)


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.float32)


def matmul(n: int) -> Timed:
    """Return a product of two n x n matrices in tiles of 16 x 16."""
    tiles = -(-n // 16)
    arrays = [_zeros(n, n), _floats(n, n), _floats(n, n)]
    return Timed(products.tiled_matmul, (tiles, tiles), (16, 16), arrays)


LAUNCHES: dict[str, Callable[[], Timed]] = {
    "elementwise": lambda: Timed(
        mapping.axpby,
        *(32, 128),
        [_zeros(4096), _floats(4096), _floats(4096), np.float32(2), np.float32(3)],
    ),
    "transpose": lambda: Timed(blocks.transpose, (8, 8), (8, 8), [_zeros(64, 64), _floats(64, 64)]),
    "reduction": lambda: Timed(blocks.block_sum, 128, 32, [_zeros(128), _floats(4096)]),
    "scan": lambda: Timed(blocks.hillis_steele, 128, 32, [_zeros(4096), _floats(4096)]),
    "softmax": lambda: Timed(blocks.softmax, 64, 32, [_zeros(64, 64), _floats(64, 64)]),
    "matmul": lambda: matmul(64),
}

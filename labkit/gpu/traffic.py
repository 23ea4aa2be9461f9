"""How many sectors, wavefronts and serial steps the memory accesses of a warp take.

Definitions after NVIDIA's CUDA C++ Programming Guide (memory transactions of 32 bytes; 32 banks of
4 bytes) and Nsight Compute's metrics, named in counters.py. Shapes: see lanes.py.
"""

from typing import Any

import numpy as np

from labkit.gpu.lanes import WARP, Mask

SECTOR = 32  # bytes
SECTOR_BITS, LINE_BITS = 5, 7  # of a byte's offset: a line of the first-level cache has 128 bytes
BANKS = 32
WORD = 4  # bytes of a bank
_NOBODY = np.iinfo(np.int64).max


def distinct_per_warp(keys: Any, mask: Mask, shifts: tuple[int, ...] = (0,)) -> list[int]:
    """Return how many different `keys` (int64 lanes) each warp has, added over all warps.

    For each of `shifts`: of the keys without so many of their lowest bits.
    """
    shape = mask.shape
    if keys.ndim == 0 or keys.shape[0] == 1:
        return [mask.warps] * len(shifts)
    keys, active, times = _alike(keys, mask)
    mixed = 0
    if active is not None:
        keys = np.where(active, keys, _NOBODY)
        idle = shape.by_warp(~active, True).any(axis=1)
        mixed = int(np.count_nonzero(idle & shape.by_warp(active, False).any(axis=1)))
    rows = shape.by_warp(keys, _NOBODY)
    if active is None and shape.threads % WARP:
        mixed = keys.shape[1]  # the last warp of each block is filled up
    if (rows[:, 1:] < rows[:, :-1]).any():
        rows = np.sort(rows, axis=1)
    return [(_steps(rows >> shift) - mixed) * times + mask.warps for shift in shifts]


def _steps(rows: Any) -> int:
    return int(np.count_nonzero(rows[:, 1:] != rows[:, :-1]))


def _alike(lanes: Any, mask: Mask) -> tuple[Any, Any, int]:
    """Return lanes and mask (None: all) over the same blocks, and for how many they stand."""
    shape = mask.shape
    active = None if mask.is_full else mask.array
    blocks = lanes.shape[1]
    if active is not None:
        blocks = max(blocks, active.shape[1])
        active = np.broadcast_to(active, (shape.threads, blocks))
    return np.broadcast_to(lanes, (shape.threads, blocks)), active, shape.blocks // blocks


def wavefronts(elements: Any, itemsize: int, mask: Mask) -> int:
    """Return in how many passes shared memory serves accesses to `elements`, over all warps.

    A pass serves one word of each bank. Items of 8 bytes are served by half-warps, 16 pairs of
    banks each.
    """
    halves = 2 if itemsize == 2 * WORD else 1
    if elements.ndim == 0 or elements.shape[0] == 1:
        return mask.warps if halves == 1 else _half_warps(mask)
    elements, active, times = _alike(elements, mask)
    words = elements if itemsize >= WORD else elements * itemsize // WORD
    group, banks = WARP // halves, BANKS // halves
    low = high = words
    if active is not None:
        low, high = np.where(active, words, _NOBODY), np.where(active, words, -1)
    rows = mask.shape.by_warp(low, _NOBODY, group)
    smallest = rows.min(axis=1)
    span = mask.shape.by_warp(high, -1, group).max(axis=1) - smallest
    # Distinct words within one window of all banks lie in distinct banks.
    passes = int(np.count_nonzero(smallest != _NOBODY))
    wide = (span >= banks) & (smallest != _NOBODY)
    if wide.any():
        passes += _conflicts(rows.transpose(0, 2, 1)[wide], banks)
    return passes * times


def _half_warps(mask: Mask) -> int:
    array = np.broadcast_to(mask.array, (mask.shape.threads, mask.shape.blocks))
    return int(np.count_nonzero(mask.shape.by_warp(array, False, WARP // 2).any(axis=1)))


def _conflicts(rows: Any, banks: int) -> int:
    """Passes beyond the first, added over `rows` of words (idle lanes: _NOBODY)."""
    rows = np.sort(rows, axis=1)
    new = np.ones(rows.shape, dtype=bool)
    new[:, 1:] = rows[:, 1:] != rows[:, :-1]
    new &= rows != _NOBODY
    row, _ = np.nonzero(new)
    cells = row * banks + rows[new] % banks
    load = np.bincount(cells, minlength=len(rows) * banks).reshape(-1, banks)
    return int((load.max(axis=1) - 1).sum())


def serial_steps(keys: Any, mask: Mask) -> int:
    """Return, added over warps, how often the most wanted of `keys` occurs: steps of an atomic."""
    shape = mask.shape
    whole = np.broadcast_to(keys, (shape.threads, shape.blocks))
    active = np.broadcast_to(mask.array, whole.shape)
    rows = np.sort(shape.by_warp(np.where(active, whole, _NOBODY), _NOBODY), axis=1)
    longest = np.zeros((rows.shape[0], rows.shape[2]), dtype=np.int64)
    run = np.zeros_like(longest)
    for lane in range(WARP):
        same = rows[:, lane] == rows[:, lane - 1] if lane else False
        run = np.where(same, run + 1, 1)
        longest = np.where(rows[:, lane] == _NOBODY, longest, np.maximum(longest, run))
    return int(longest.sum())


def sectors_of(byte_offsets: Any) -> Any:
    """Return the number of the sector of each byte offset (memory begins at a sector)."""
    return byte_offsets >> SECTOR_BITS

"""Where a lane is, and what lanes of a warp or block do together."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labkit.gpu.lanes import WARP, Mask
from labkit.gpu.problems import WARNING
from labkit.gpu.run import Run
from labkit.gpu.scalars import FLOAT32, INT32, INT64, UINT32

_ALL = 0xFFFFFFFF


def thread(run: Run, axis: int) -> Any:
    """Return threadIdx along `axis`: (T, 1)."""
    x, y, _ = run.grid.threads
    flat = np.arange(run.shape.threads, dtype=INT32)[:, None]
    return (flat % x, flat // x % y, flat // (x * y))[axis]


def block(run: Run, axis: int) -> Any:
    """Return blockIdx along `axis`: (1, B)."""
    x, y, _ = run.grid.blocks
    flat = np.arange(run.first, run.first + run.shape.blocks, dtype=INT64)[None, :]
    if run.grid.order is not None:
        flat = run.grid.order[flat]
    return (flat % x, flat // x % y, flat // (x * y))[axis].astype(INT32)


def position(run: Run, axis: int) -> Any:
    """Return the thread's place in the whole grid along `axis`, as ``cuda.grid`` does."""
    size = np.int64(run.grid.threads[axis])
    if run.grid.blocks[axis] == 1:
        return thread(run, axis).astype(INT64)
    return thread(run, axis).astype(INT64) + block(run, axis).astype(INT64) * size


def extent(run: Run, axis: int) -> Any:
    """Return how many threads the grid has along `axis`."""
    return np.int64(run.grid.threads[axis] * run.grid.blocks[axis])


def lane(run: Run) -> Any:
    """Return the thread's number in its warp: (T, 1)."""
    return (np.arange(run.shape.threads, dtype=INT32) % WARP)[:, None]


def barrier(run: Run, line: int) -> None:
    """All threads of each block that is here meet."""
    shape, mask = run.shape, run.mask
    counts = run.ledger.lines[line]
    if mask.is_full:
        counts["barriers"] += shape.blocks
        run.block_barrier(slice(None))
        return
    here = np.broadcast_to(mask.array, (shape.threads, shape.blocks))
    gone = np.broadcast_to(run.exited.array, here.shape)
    some = here.any(axis=0)
    counts["barriers"] += int(np.count_nonzero(some))
    missing = ~here & ~gone & some
    if missing.any():
        text = "syncthreads is reached by some threads of a block only"
        run.report("divergent_barrier", line, text, Mask(shape, here & missing.any(axis=0)))
    elif (gone & some).any():
        text = "threads that have returned do not wait at this barrier: some devices hang here"
        run.report("divergent_barrier", line, text, Mask(shape, gone & some), WARNING)
    if not some.all():
        for view in run.shared.values():
            view.part(run)
    run.block_barrier(some)


def voting_barrier(run: Run, true: Any, vote: Callable[[Any, Any], Any], line: int) -> Any:
    """Meet as at a barrier; return what `vote` makes of (how many say yes, how many are here)."""
    barrier(run, line)
    shape = (run.shape.threads, run.shape.blocks)
    here = np.broadcast_to(run.mask.array, shape)
    yes = (here & true).sum(axis=0, keepdims=True)
    return np.asarray(vote(yes, here.sum(axis=0, keepdims=True))).astype(INT32)


def sync_warp(run: Run, members: Any, line: int) -> None:
    """The named lanes of each warp meet."""
    run.ledger.lines[line]["warp_syncs"] += run.mask.warps
    _all_here(run, members, line)
    run.warp_barrier(run.mask.in_warps)


def fence(run: Run) -> None:
    """What the lanes at work wrote is to be seen by others before what they do next."""
    run.fences.fence(run.mask.chosen(run.lane_ids), run.tick())


def _rows(run: Run, lanes: Any, fill: Any) -> Any:
    whole = np.broadcast_to(lanes, (run.shape.threads, run.shape.blocks))
    return run.shape.by_warp(whole, fill)


def _flat(run: Run, rows: Any) -> Any:
    return rows.reshape(-1, rows.shape[-1])[: run.shape.threads]


def _bits(rows: Any) -> Any:
    weights = (np.uint64(1) << np.arange(WARP, dtype=np.uint64))[None, :, None]
    return (rows * weights).sum(axis=1, keepdims=True, dtype=np.uint64).astype(UINT32)


def _all_here(run: Run, members: Any, line: int) -> None:
    """Book lanes that name others in `members` which are elsewhere (PTX ISA: undefined)."""
    if run.mask.is_full:
        return
    here = _bits(_rows(run, run.mask.array, False))
    # Who has ended, or never was, does not count as named.
    there = _bits(~_rows(run, run.exited.array, True))
    named = _rows(run, np.asarray(members).astype(INT64), 0)
    missing = (named & there.astype(INT64)) & ~here.astype(INT64) != 0
    wrong = _flat(run, missing) & np.broadcast_to(
        run.mask.array, (run.shape.threads, run.shape.blocks)
    )
    if wrong.any():
        text = "the mask names lanes of the warp that are not here"
        run.report("divergent_barrier", line, text, Mask(run.shape, wrong))


def shuffle(
    run: Run, members: Any, value: Any, by: Any, source: Callable[[Any, Any], Any], line: int
) -> Any:
    """Return `value` of the lane that `source` of (own lane, `by`) names."""
    run.ledger.lines[line]["shuffles"] += run.mask.warps
    _all_here(run, members, line)
    run.warp_barrier(run.mask.in_warps)
    rows = _rows(run, value, value.dtype.type(0))
    own = np.arange(WARP, dtype=INT64)[None, :, None]
    wanted = np.broadcast_to(source(own, _rows(run, by, 0)), rows.shape)
    present = _rows(run, run.mask.array, False)
    taken = np.take_along_axis(np.broadcast_to(present, rows.shape), wanted, axis=1)
    bad = _flat(run, ~taken & present)
    if bad.any():
        text = "takes the value of a lane that does not take part"
        run.report("uninitialized_read", line, text, Mask(run.shape, bad))
    return _flat(run, np.take_along_axis(rows, wanted, axis=1))


def vote(run: Run, members: Any, true: Any, how: Callable[[Any, Any], Any], line: int) -> Any:
    """Return what `how` makes of the bits of (lanes that say yes, lanes here)."""
    _all_here(run, members, line)
    run.warp_barrier(run.mask.in_warps)
    here = _rows(run, run.mask.array, False)
    yes = here & _rows(run, true, False)
    result = np.broadcast_to(how(_bits(yes), _bits(here)), here.shape)
    return _flat(run, result)


def active(run: Run) -> Any:
    """Return the bits of the lanes of the warp that are here."""
    here = _rows(run, run.mask.array, False)
    return _flat(run, np.broadcast_to(_bits(here), here.shape))


def fused(a: Any, b: Any, c: Any) -> Any:
    """Return ``a * b + c`` with one rounding (float32: of the double result)."""
    if a.dtype == FLOAT32:
        wide = a.astype(np.float64) * b.astype(np.float64) + c.astype(np.float64)
        return wide.astype(FLOAT32)
    return (a.astype(np.longdouble) * b + c).astype(a.dtype)


def leading_zeros(value: Any, width: int) -> Any:
    """Return how many of the `width` bits are 0 before the first 1."""
    spread = value
    for shift in (1, 2, 4, 8, 16, 32)[: 5 if width == 32 else 6]:
        spread = spread | (spread >> value.dtype.type(shift))
    return (width - np.bitwise_count(spread).astype(INT32)).astype(INT32)


def first_set(value: Any, width: int) -> Any:
    """Return the place of the lowest 1, from 1 on; 0 if there is none."""
    lowest = value & (~value + value.dtype.type(1))
    return np.where(value == 0, 0, width - leading_zeros(lowest, width)).astype(INT32)

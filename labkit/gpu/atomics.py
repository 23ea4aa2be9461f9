"""Atomic operations: lanes are served one after the other, by block, then thread."""

from typing import Any

import numpy as np

from labkit.gpu.arrays import View
from labkit.gpu.block_memory import SharedView
from labkit.gpu.global_memory import GlobalView
from labkit.gpu.lanes import Mask
from labkit.gpu.run import Run
from labkit.gpu.traffic import serial_steps

UFUNCS: dict[str, Any] = {
    "add": np.add,
    "sub": np.subtract,
    "max": np.maximum,
    "min": np.minimum,
    "and_": np.bitwise_and,
    "or_": np.bitwise_or,
    "xor": np.bitwise_xor,
}


def atomic(
    run: Run, view: View, name: str, index: tuple[Any, ...], operands: tuple[Any, ...], line: int
) -> Any:
    """Do the atomic `name` on the elements at `index`; return what was there before.

    `operands` are (value,), or (compare, value) for ``cas``, of the array's dtype.
    """
    assert isinstance(view, GlobalView | SharedView)
    at, mask = view.locate(run, index, line)
    before = np.zeros((run.shape.threads, run.shape.blocks), dtype=view.dtype)
    if mask.is_empty:
        return before
    flat, cells = view.note_atomic(run, at, mask, line)
    lanes = mask.chosen(run.lane_ids)
    turn = np.argsort(lanes, kind="stable")
    chosen = [mask.chosen(operand)[turn] for operand in operands]
    old = np.empty(len(turn), dtype=view.dtype)
    old[turn] = serve(flat, cells[turn], name, chosen)
    run.fences.atomic(lanes[turn], run.order.block_since(lanes[turn]), run.step)
    _count(run, view, at, mask, line)
    before[np.broadcast_to(mask.array, before.shape)] = old
    return before


def _count(run: Run, view: GlobalView | SharedView, at: Any, mask: Mask, line: int) -> None:
    counts = run.ledger.lines[line]
    counts["atomic_requests" if view.space == "global" else "shared_atomic_requests"] += mask.warps
    counts["atomic_elements"] += mask.lanes
    counts["atomic_serialization"] += serial_steps(at, mask)


def serve(flat: Any, cells: Any, name: str, operands: list[Any]) -> Any:
    """Apply the operations in order to ``flat[cells]``; return what each found."""
    by_cell = np.argsort(cells, kind="stable")
    ordered = cells[by_cell]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    old = np.empty(len(cells), dtype=flat.dtype)
    if name in UFUNCS and len(starts) < lengths.max():
        for start, length in zip(starts, lengths, strict=True):
            lanes = by_cell[start : start + length]
            chain = np.r_[flat[cells[lanes[0]]], operands[0][lanes]].astype(flat.dtype, copy=False)
            results = UFUNCS[name].accumulate(chain)
            old[lanes], flat[cells[lanes[0]]] = results[:-1], results[-1]
        return old
    for round_ in range(int(lengths.max())):
        lanes = by_cell[starts[lengths > round_] + round_]
        old[lanes] = there = flat[cells[lanes]]
        flat[cells[lanes]] = _new(name, there, [operand[lanes] for operand in operands])
    return old


def _new(name: str, there: Any, operands: list[Any]) -> Any:
    if name == "cas":
        return np.where(there == operands[0], operands[1], there)
    return operands[0] if name == "exch" else UFUNCS[name](there, operands[0])

"""Pictures of a launch: what a warp asks of memory, how often sectors are visited, a roofline."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from labkit.gpu.model import Roofline
from labkit.gpu.samples import Heat, Sample
from labkit.gpu.traffic import BANKS, SECTOR
from labkit.notebook.picture import Picture, Point, number

_SLOT, _GAP, _PER_ROW, _HIGH = 8.0, 6.0, 8, 16.0  # pixels of four bytes, between sectors; sectors
_BANK, _WORD = 20.0, 14.0  # pixels: how wide a bank is, how high a word
_CELL, _ROWS, _COLUMNS, _WIDE = (36.0, 8.0), 32, 64, 512.0  # of a heat map
_LOOKED_AT = 1 << 20  # elements, of a large array
_LEFT, _TOP = 4.0, 26.0
_DEEP = 12  # words of one bank that are drawn


def sectors(sample: Sample) -> Picture:
    """Draw the 32-byte sectors that one warp asks for, and which of their bytes it uses."""
    wanted = sample.sectors
    rows = -(-len(wanted) // _PER_ROW)
    wide = SECTOR / 4 * _SLOT + _GAP
    used = 100 * sum(map(len, wanted.values())) / (SECTOR * max(1, len(wanted)))
    title = (
        f"line {sample.line}: {sample.way} of {sample.array}: a warp asks for "
        f"{len(wanted)} sectors and uses {used:.0f} % of them"
    )
    picture = Picture(title, _LEFT + _PER_ROW * wide, _TOP + rows * (_HIGH + _GAP))
    picture.text((_LEFT, 15), title, size=13, anchor="start")
    for nth, used_bytes in enumerate(wanted.values()):
        down, across = divmod(nth, _PER_ROW)
        corner = (_LEFT + across * wide, _TOP + down * (_HIGH + _GAP))
        _sector(picture, corner, used_bytes)
    return picture


def _sector(picture: Picture, corner: Point, used: set[int]) -> None:
    picture.box(corner, (SECTOR / 4 * _SLOT, _HIGH), fill="box", round=2)
    for slot in range(SECTOR // 4):
        share = sum(4 * slot + byte in used for byte in range(4)) / 4
        if share:
            at = (corner[0] + slot * _SLOT + 1, corner[1] + 2)
            picture.box(at, (_SLOT - 2, _HIGH - 4), fill="forward", stroke="forward", round=1)


def banks(sample: Sample) -> Picture:
    """Draw the words that one warp wants of each of the 32 banks: the highest pile is the cost."""
    group = max(sample.groups, key=lambda group: group.passes)
    wanted, passes = group.banks, group.passes
    drawn = min(passes, _DEEP)
    said = "one pass" if sample.passes == 1 else f"{sample.passes} passes"
    if sample.passes > sample.needed:
        said += ": bank conflicts"
    elif sample.needed > 1:
        said += ", one for each half of the warp"
    title = f"line {sample.line}: {sample.way} of {sample.array}: {said}"
    high = _TOP + drawn * _WORD + 34
    picture = Picture(title, _LEFT + BANKS * _BANK + 4, high)
    picture.text((_LEFT, 15), title, size=13, anchor="start")
    base = high - 32
    for bank in range(BANKS):
        x = _LEFT + bank * _BANK
        _pile(picture, (x, base), wanted.get(bank, {}), conflict=passes > 1)
        picture.text((x + _BANK / 2, base + 13), str(bank), color="soft", size=9)
    picture.line([(_LEFT, base), (_LEFT + BANKS * _BANK, base)])
    said = "bank of shared memory; a box is a word, with the first lane that wants it"
    picture.text((_LEFT, base + 28), said, color="soft", size=10, anchor="start")
    return picture


def _pile(picture: Picture, foot: Point, words: Mapping[int, list[int]], *, conflict: bool) -> None:
    color = "backward" if conflict and len(words) > 1 else "forward"
    for nth, lanes in enumerate(list(words.values())[:_DEEP]):
        at = (foot[0] + 1, foot[1] - (nth + 1) * _WORD)
        picture.box(at, (_BANK - 2, _WORD - 2), stroke=color, round=2)
        more = f"{lanes[0]}…" if len(lanes) > 1 else str(lanes[0])
        picture.text((at[0] + _BANK / 2 - 1, at[1] + _WORD - 4), more, color=color, size=8)
    if len(words) > _DEEP:
        above = (foot[0] + _BANK, foot[1] - _DEEP * _WORD + 8)
        said = f"and {len(words) - _DEEP} more"
        picture.text(above, said, color=color, size=10, anchor="start" if foot[0] < 400 else "end")


def heat(name: str, found: Heat) -> Picture:
    """Draw an array, the darker the more often threads came there."""
    cells = _cells(found)
    most = max(float(cells.max(initial=0)), 1e-9)
    title = f"{name} {list(found.shape)}: {number(most)} visits of an element where it is darkest"
    rows, columns = cells.shape
    wide = min(_CELL[0], _WIDE / columns)
    width = max(columns * wide, 7 * len(title)) + 2 * _LEFT
    picture = Picture(title, width, _TOP + rows * _CELL[1] + 4)
    picture.text((_LEFT, 15), title, size=13, anchor="start")
    for (row, column), value in np.ndenumerate(cells):
        at = (_LEFT + column * wide, _TOP + row * _CELL[1])
        strength = 0.1 + 0.9 * float(value) / most if value else 0
        picture.box(at, (wide, _CELL[1]), fill="forward", round=0, strength=strength)
    return picture


def _cells(found: Heat) -> Any:
    """Return the mean visits of an element, by cell of the picture (rows, columns)."""
    *lengths, width = found.shape or (1,)
    height, width = max(1, math.prod(lengths)), max(1, width)
    rows, columns = min(height, _ROWS), min(-(-width * found.itemsize // SECTOR), _COLUMNS)
    element = np.arange(height * width)
    if height * width > _LOOKED_AT:  # by chance: regular steps would see some columns only
        element = np.random.default_rng(0).integers(height * width, size=_LOOKED_AT)
    sector = np.minimum(element * found.itemsize // SECTOR, len(found.counts) - 1)
    visits = found.visits[sector] if len(found.counts) else 0.0
    row, column = element // width * rows // height, element % width * columns // width
    cell, all_cells = row * columns + column, rows * columns
    summed = np.bincount(cell, weights=np.broadcast_to(visits, cell.shape), minlength=all_cells)
    looked_at = np.maximum(np.bincount(cell, minlength=all_cells), 1)
    return (summed / looked_at).reshape(rows, columns)


def roofline(kernel: str, point: Roofline, device: str) -> Picture:
    """Draw the roofs of `device`, and where the model puts the kernel."""
    roof = point.compute_roof
    ridge = roof * point.intensity / point.memory_roof if point.memory_roof else 1.0
    low = min(ridge, point.intensity or ridge) / 8
    high = max(ridge, point.intensity) * 8
    bottom = min(roof * low / ridge, point.reached or roof) / 4
    place = _LogLog((low, high), (bottom, roof * 2))
    picture = Picture(f"Roofline of {kernel} on {device}", 520, 250)
    picture.text((56, 16), picture.title, size=13, anchor="start")
    picture.line([(56, 26), (56, 206), (506, 206)])
    corner, slope = place.at(ridge, roof), place.at(low, roof * low / ridge)
    picture.line([slope, corner, place.at(high, roof)], color="soft", width=2)
    said = f"arithmetic: {roof:,.0f} operations a cycle"
    picture.text((506, corner[1] - 6), said, color="soft", anchor="end")
    picture.text((slope[0] + 8, slope[1] + 16), "memory", color="soft", anchor="start")
    picture.text((281, 240), "operations per byte that must be moved", color="soft")
    for value in (low, ridge, high):
        picture.text((place.at(value, roof)[0], 222), number(value), color="soft", size=11)
    if point.intensity and point.reached:
        _mark(picture, place.at(point.intensity, point.reached), point)
    return picture


def _mark(picture: Picture, at: Point, point: Roofline) -> None:
    picture.box((at[0] - 5, at[1] - 5), (10, 10), fill="warm", stroke="warm", round=5)
    share = point.reached / min(point.compute_roof, point.memory_roof)
    said = f"{number(point.reached)} a cycle: {100 * share:.0f} % of its roof"
    anchor, away = ("end", -10) if at[0] > 300 else ("start", 10)
    picture.text((at[0] + away, at[1] + 12), said, color="warm", anchor=anchor)


class _LogLog:
    """Where a point lies between two pairs of bounds, by logarithm."""

    def __init__(self, x: Point, y: Point) -> None:
        self._x, self._y = x, y

    def at(self, x: float, y: float) -> Point:
        across = math.log(x / self._x[0]) / math.log(self._x[1] / self._x[0])
        up = math.log(y / self._y[0]) / math.log(self._y[1] / self._y[0])
        return 56 + 450 * across, 206 - 180 * up

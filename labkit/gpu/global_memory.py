"""Global memory: the NumPy arrays of a launch, with their traffic counted and races watched."""

from typing import Any

import numpy as np

from labkit.gpu.arrays import View, poison
from labkit.gpu.lanes import Mask
from labkit.gpu.problems import ERROR, Hazard
from labkit.gpu.run import Run
from labkit.gpu.samples import Heat
from labkit.gpu.scalars import DType
from labkit.gpu.shadow import Shadow, Touch
from labkit.gpu.traffic import LINE_BITS, SECTOR, SECTOR_BITS, distinct_per_warp, sectors_of


class Memory:
    """One allocation: the elements of the array that owns the bytes, flat."""

    def __init__(self, flat: Any, watched: bool, name: str, shape: tuple[int, ...]) -> None:
        """`flat` is written in place; `watched`: the kernel writes it, so races are possible.

        `name` and `shape` are those of the first argument in it, as its elements lie.
        """
        self.flat, self.name = flat, name
        self._shape = shape if int(np.prod(shape)) == len(flat) else (len(flat),)
        self.shadow = Shadow(len(flat)) if watched else None
        self.visits = np.zeros(-(-flat.nbytes // SECTOR), dtype=np.int64)  # by sector
        self.lines: dict[int, int] = {}  # step -> source line

    @property
    def compulsory_bytes(self) -> int:
        """Bytes of all sectors that were touched."""
        return SECTOR * int(np.count_nonzero(self.visits))

    @property
    def heat(self) -> Heat:
        """How often threads came to each of its sectors."""
        return Heat(self._shape, self.flat.itemsize, self.visits)


class GlobalView(View):
    """A NumPy array that the kernel was given: perhaps a strided part of its memory."""

    def __init__(self, name: str, array: Any, memory: Memory, start: int) -> None:
        """Show `array`, whose element 0 is element `start` of `memory`."""
        strides = tuple(step // array.itemsize for step in array.strides)
        super().__init__(name, array.dtype, array.shape, strides, start)
        self.memory = memory

    def load(self, run: Run, index: tuple[Any, ...], line: int) -> Any:
        """See View."""
        at, mask = self.locate(run, index, line)
        if mask.is_empty:
            return poison(self.dtype)
        self._count(run, "load", at, mask, line)
        if self.memory.shadow is not None:
            self._note_read(run, at, mask, line)
        return self.memory.flat.take(at, mode="clip")

    def store(self, run: Run, index: tuple[Any, ...], value: Any, line: int) -> None:
        """See View."""
        at, mask = self.locate(run, index, line)
        if mask.is_empty:
            return
        self._count(run, "store", at, mask, line)
        assert self.memory.shadow is not None, "the front end saw every store"
        touch = self._touch(run, at, mask, line)
        values = mask.chosen(value)
        flat, shadow = self.memory.flat, self.memory.shadow
        self.settle(run)
        races = shadow.write(touch, run.order, lambda some: _same(flat, touch, values, some))
        flat[touch.at] = values
        run.report_race(races, self.name, self.memory.lines.__getitem__, "touches")
        rivals = shadow.rivals(touch)
        if len(rivals):
            self._report_rivals(run, touch, values, rivals, line)

    def note_atomic(self, run: Run, at: Any, mask: Mask, line: int) -> tuple[Any, Any]:
        """Book an atomic on the elements `at`; return the flat memory, and where it is met."""
        assert self.memory.shadow is not None, "the front end saw every atomic"
        touch = self._touch(run, at, mask, line)
        self.settle(run)
        races = self.memory.shadow.write(touch, run.order, atomic=True)
        run.report_race(races, self.name, self.memory.lines.__getitem__, "touches")
        self.touch_sectors(sectors_of(at * np.int64(self.dtype.itemsize)), mask)
        run.ledger.traffic[self.name]["atomic_elements"] += mask.lanes
        return self.memory.flat, touch.at

    def _report_rivals(self, run: Run, touch: Touch, values: Any, rivals: Any, line: int) -> None:
        rivals = rivals[~_same(self.memory.flat, touch, values, rivals)]
        if len(rivals):
            report_rivals(run, self, touch, rivals, line)

    def _touch(self, run: Run, at: Any, mask: Mask, line: int) -> Touch:
        step = run.tick()
        self.memory.lines[step] = line
        return Touch(mask.chosen(at), mask.chosen(run.lane_ids), step)

    def _note_read(self, run: Run, at: Any, mask: Mask, line: int) -> None:
        shadow = self.memory.shadow
        assert shadow is not None
        if shadow.read(self._touch(run, at, mask, line)):
            self.settle(run)

    def settle(self, run: Run) -> None:
        """Look at the reads of the memory noted so far."""
        if self.memory.shadow is None:
            return
        race, _ = self.memory.shadow.settle(run.order)  # what the host passed in is written
        if race is not None:
            run.report_race([race], self.name, self.memory.lines.__getitem__, "reads")

    def _count(self, run: Run, way: str, at: Any, mask: Mask, line: int) -> None:
        offsets = at * np.int64(self.dtype.itemsize)
        sectors = sectors_of(offsets)
        elements, passes, lines = distinct_per_warp(offsets, mask, (0, SECTOR_BITS, LINE_BITS))
        run.ledger.samples.see(self, way, at, mask, line, passes)
        of_array = run.ledger.traffic[self.name]
        of_array[f"{way}_requests"] += mask.warps
        of_array[f"{way}_sectors"] += passes
        of_array[f"{way}_elements"] += mask.lanes
        counts = run.ledger.lines[line]
        counts[f"global_{way}_requests"] += mask.warps
        counts[f"global_{way}_sectors"] += passes
        counts[f"global_{way}_elements"] += mask.lanes
        counts[f"global_{way}_lines"] += lines
        counts[f"global_{way}_bytes"] += elements * self.dtype.itemsize
        self.touch_sectors(sectors, mask)

    def touch_sectors(self, sectors: Any, mask: Mask) -> None:
        """Note that the launch touches `sectors`."""
        if mask.is_full:  # what is alike in many lanes is added once
            np.add.at(self.memory.visits, sectors, mask.shape.all // max(1, sectors.size))
        else:
            np.add.at(self.memory.visits, mask.chosen(sectors), 1)


def report_rivals(run: Run, view: View, touch: Touch, rivals: Any, line: int) -> None:
    """Book that several lanes wrote different values to one element in one step."""
    mask_lanes = touch.lane[rivals]
    text = (
        f"several threads write different values to element {int(touch.at[rivals[0]])} "
        f"of {view.name} at once"
    )
    run.hazards.add(
        Hazard("race", line, text, ERROR, run.who(mask_lanes), len(rivals), other_line=line)
    )


def _same(flat: Any, touch: Touch, values: Any, some: Any) -> Any:
    """Whether memory holds the very bits of `values` already, for `some` of the touches."""
    there, new = flat[touch.at[some]], values[some]
    return (there == new) | ((there != there) & (new != new))


def memory_of(array: Any) -> tuple[Any, int]:
    """Return the flat elements that own the bytes of `array`, and where its element 0 lies."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    whole = owner if owner.flags.c_contiguous else owner.T
    if not whole.flags.c_contiguous or whole.nbytes % array.itemsize:
        whole = array if array.flags.c_contiguous else None
    if whole is None:
        raise ValueError("an argument is a view of an array that is not contiguous; copy it first")
    flat = whole.reshape(-1).view(array.dtype)
    distance = array.__array_interface__["data"][0] - flat.__array_interface__["data"][0]
    return flat, distance // array.itemsize


def is_plain(dtype: DType) -> bool:
    """Whether kernels may hold elements of `dtype`."""
    return dtype.kind in "biuf" and dtype.itemsize <= 8 and dtype.isnative

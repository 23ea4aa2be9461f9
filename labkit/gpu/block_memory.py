"""Shared and local memory of the blocks in a batch."""

from typing import Any

import numpy as np

from labkit.gpu.arrays import View, poison, strides_of
from labkit.gpu.global_memory import report_rivals
from labkit.gpu.lanes import Mask
from labkit.gpu.run import Run
from labkit.gpu.scalars import DType
from labkit.gpu.shadow import NONE, Shadow, Touch
from labkit.gpu.traffic import wavefronts


class SharedView(View):
    """A shared array: one for each block of the batch, (elements, B).

    While all blocks do the same with it, one shadow stands for all of them.
    """

    space = "shared"

    def __init__(self, run: Run, name: str, dtype: DType, shape: tuple[int, ...]) -> None:
        """Allocate it, unwritten."""
        super().__init__(name, dtype, shape, strides_of(shape), 0)
        self.size = int(np.prod(shape, dtype=np.int64))
        self._blocks = run.shape.blocks
        self._data = np.full((self.size, self._blocks), poison(dtype), dtype=dtype)
        self._alike = True
        self._shadow = Shadow(self.size)
        self._lines: dict[int, int] = {}
        run.settlers.append(lambda: self._settle(run))

    def load(self, run: Run, index: tuple[Any, ...], line: int) -> Any:
        """See View."""
        at, mask = self.locate(run, index, line)
        if mask.is_empty:
            return poison(self.dtype)
        self._count(run, "load", at, mask, line)
        if self._shadow.read(self._touch(run, at, mask, line)):
            self._settle(run)
        return self._take(at)

    def store(self, run: Run, index: tuple[Any, ...], value: Any, line: int) -> None:
        """See View."""
        at, mask = self.locate(run, index, line)
        if mask.is_empty:
            return
        self._count(run, "store", at, mask, line)
        self._settle(run)
        touch = self._touch(run, at, mask, line)
        cells, values = self._cells(run, at, mask), mask.chosen(value)
        flat = self._data.reshape(-1)
        races = self._shadow.write(
            touch, run.order, lambda some: self._same(touch, cells, values, some)
        )
        flat[cells] = values
        run.report_race(races, self.name, self._lines.__getitem__, "touches")
        rivals = self._shadow.rivals(touch)
        if len(rivals):
            same = self._same(touch, cells, values, rivals)
            if not same.all():
                report_rivals(run, self, touch, rivals[~same], line)

    def note_atomic(self, run: Run, at: Any, mask: Mask, line: int) -> tuple[Any, Any]:
        """Book an atomic on the elements `at`; return the flat memory, and where it is met."""
        self._settle(run)
        touch = self._touch(run, at, mask, line)
        unwritten = self._shadow.writes.lane[touch.at] == NONE
        if unwritten.any():
            found = Touch(touch.at[unwritten], touch.lane[unwritten], touch.step)
            run.report_unwritten(found, self.name, self._lines.__getitem__)
        races = self._shadow.write(touch, run.order, atomic=True)
        run.report_race(races, self.name, self._lines.__getitem__, "touches")
        return self._data.reshape(-1), self._cells(run, at, mask)

    def _same(self, touch: Touch, cells: Any, values: Any, some: Any) -> Any:
        """Whether memory holds `values` already for `some` touches, in all their blocks."""
        there = self._data.reshape(-1)[cells]
        equal = (there == values) | ((there != there) & (values != values))
        if self._alike:
            equal = equal.reshape(len(touch.at), -1).all(axis=1)
        return equal[some]

    def _take(self, at: Any) -> Any:
        if at.ndim == 0:
            return self._data.take([int(at)], axis=0, mode="clip")
        if at.shape[1] == 1:
            return self._data.take(at[:, 0], axis=0, mode="clip")
        return self._data.reshape(-1).take(at * self._blocks + np.arange(self._blocks), mode="clip")

    def _cells(self, run: Run, at: Any, mask: Mask) -> Any:
        return mask.chosen(at * self._blocks + np.arange(self._blocks))

    def _touch(self, run: Run, at: Any, mask: Mask, line: int) -> Touch:
        step = run.tick()
        self._lines[step] = line
        if self._alike and not self._is_alike(at, mask):
            self.part(run)
        if self._alike:
            threads = run.shape.threads
            active = np.broadcast_to(mask.array, (threads, 1))
            return Touch(
                np.broadcast_to(at, (threads, 1))[active], run.lane_ids[:, :1][active], step
            )
        return Touch(self._cells(run, at, mask), mask.chosen(run.lane_ids), step)

    def _is_alike(self, at: Any, mask: Mask) -> bool:
        return all(x.ndim == 0 or x.shape[1] == 1 for x in (at, mask.array)) or self._blocks == 1

    def part(self, run: Run) -> None:
        """From now on the blocks go different ways."""
        if not self._alike:
            return
        # Noted reads stand for all blocks: look at them while one shadow does, too.
        self._settle(run)
        self._alike = False
        old, self._shadow = self._shadow, Shadow(self.size * self._blocks)
        blocks = np.arange(self._blocks) * run.shape.threads
        for last, before in ((self._shadow.writes, old.writes), (self._shadow.reads, old.reads)):
            one = before.lane[:, None]
            last.lane[:] = np.where(one >= 0, one + blocks, one).reshape(-1)
            last.step[:] = np.repeat(before.step, self._blocks)
            warp, block = before.warp[:, None], before.block[:, None]
            warps = np.arange(self._blocks) * run.shape.warps
            last.warp[:] = np.where(warp >= 0, warp + warps, warp).reshape(-1)
            last.block[:] = np.where(block >= 0, block + np.arange(self._blocks), block).reshape(-1)
        self._shadow.atomic[:] = np.repeat(old.atomic, self._blocks)

    def _settle(self, run: Run) -> None:
        race, unwritten = self._shadow.settle(run.order)
        if race is not None:
            run.report_race([race], self.name, self._lines.__getitem__, "reads")
        if unwritten is not None:
            run.report_unwritten(unwritten, self.name, self._lines.__getitem__)

    def _count(self, run: Run, way: str, at: Any, mask: Mask, line: int) -> None:
        passes = wavefronts(at, self.dtype.itemsize, mask)
        run.ledger.samples.see(self, way, at, mask, line, passes)
        counts = run.ledger.lines[line]
        counts[f"shared_{way}_requests"] += mask.warps
        counts[f"shared_{way}_elements"] += mask.lanes
        counts["shared_wavefronts"] += passes
        least = wavefronts(np.int64(0), self.dtype.itemsize, mask)
        counts["shared_bank_conflicts"] += passes - least


class LocalView(View):
    """A thread's own array: a value of lanes for each element."""

    space = "local"

    def __init__(self, name: str, dtype: DType, shape: tuple[int, ...]) -> None:
        """Allocate it, unwritten."""
        super().__init__(name, dtype, shape, strides_of(shape), 0)
        self._items: list[Any] = [None] * int(np.prod(shape, dtype=np.int64))

    def load(self, run: Run, index: tuple[Any, ...], line: int) -> Any:
        """See View."""
        at, mask = self.locate(run, index, line)
        if mask.is_empty:
            return poison(self.dtype)
        run.ledger.lines[line]["local_load_elements"] += mask.lanes
        if at.ndim == 0:
            return self._item(run, int(at), mask, line)
        value = poison(self.dtype)
        for element in np.unique(mask.chosen(at)):
            here = mask.both(at == element)
            value = np.where(here.array, self._item(run, int(element), here, line), value)
        return value

    def _item(self, run: Run, element: int, mask: Mask, line: int) -> Any:
        if self._items[element] is None:
            text = f"reads an element of {self.name} that the thread has not written"
            run.report("uninitialized_read", line, text, mask)
            return poison(self.dtype)
        return self._items[element]

    def store(self, run: Run, index: tuple[Any, ...], value: Any, line: int) -> None:
        """See View."""
        at, mask = self.locate(run, index, line)
        run.ledger.lines[line]["local_store_elements"] += mask.lanes
        if mask.is_empty:
            return
        if at.ndim == 0:
            self._put(int(at), mask, value)
            return
        for element in np.unique(mask.chosen(at)):
            self._put(int(element), mask.both(at == element), value)

    def _put(self, element: int, mask: Mask, value: Any) -> None:
        old = self._items[element]
        if old is not None and not mask.is_full:
            value = np.where(mask.array, value, old)
        self._items[element] = value

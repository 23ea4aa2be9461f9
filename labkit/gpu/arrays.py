"""What an array in a kernel is: where an index leads, and whether it is inside."""

from typing import Any

import numpy as np

from labkit.gpu.lanes import Mask
from labkit.gpu.run import Run
from labkit.gpu.scalars import DType


class View:
    """An array of any space: what `name` means in the source.

    `strides` are in elements.
    """

    space = "global"

    def __init__(
        self, name: str, dtype: DType, shape: tuple[int, ...], strides: tuple[int, ...], start: int
    ) -> None:
        """Element 0 lies at `start`."""
        self.name, self.dtype = name, dtype
        self.shape, self.strides, self.start = shape, strides, start

    def load(self, run: Run, index: tuple[Any, ...], line: int) -> Any:
        """Return the elements at `index` (one integer of lanes per dimension)."""
        raise NotImplementedError

    def store(self, run: Run, index: tuple[Any, ...], value: Any, line: int) -> None:
        """Write `value`, of the array's dtype, at `index`, for the lanes at work."""
        raise NotImplementedError

    def locate(self, run: Run, index: tuple[Any, ...], line: int) -> tuple[Any, Mask]:
        """Return where `index` leads, and the lanes for which that is inside.

        Lanes outside are booked as hazards, and led to element 0.
        """
        at: Any = np.int64(self.start)
        outside: Any = None
        for one, size, stride in zip(index, self.shape, self.strides, strict=True):
            if not _inside(one, size):
                wrong = (one < 0) | (one >= size)
                outside = wrong if outside is None else outside | wrong
            at = at + (one if stride == 1 else one * np.int64(stride))
        if outside is None:
            return at, run.mask
        at = np.where(outside, self.start, at)
        strays = run.mask.both(outside)
        if strays.is_empty:
            return at, run.mask
        self._report(run, index, strays, line)
        return at, run.mask.without(outside)

    def _report(self, run: Run, index: tuple[Any, ...], strays: Mask, line: int) -> None:
        first = [int(strays.chosen(one)[0]) for one in index]
        said = ", ".join(map(str, first))
        text = f"{self.name}[{said}] is outside its shape {self.shape}"
        if min(first) < 0:
            text += "; a negative index does not count from the end in this course"
        if self.space == "shared" and self.shape == (0,):
            text += "; the launch says how large dynamic shared memory is: shared_bytes"
        run.report("out_of_bounds", line, text, strays)


def _inside(index: Any, size: int) -> bool:
    if index.ndim == 0:
        return 0 <= int(index) < size
    return int(index.min()) >= 0 and int(index.max()) < size


def poison(dtype: DType) -> Any:
    """Return what unwritten memory holds: NaN, or bytes that no one expects."""
    if dtype.kind == "f":
        return dtype.type(np.nan)
    return np.frombuffer(b"\xcd" * 8, dtype=dtype, count=1)[0] if dtype.kind != "b" else np.True_


def strides_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides, in elements, of a row-major array."""
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))

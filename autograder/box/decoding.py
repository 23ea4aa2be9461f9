"""Bytes to plain data, or WireError and nothing else. Both sides of the wall; use it via `wire`."""

import math
import struct
from typing import Any

from autograder.box.plain import (
    ARRAY,
    DTYPES,
    ITEM_BYTES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_ITEMS,
    WireError,
)


class Budget:
    """How many values may still be decoded; shared by encodings that come together."""

    def __init__(self) -> None:
        """As many as one encoding may hold."""
        self._left = MAX_ITEMS

    def spend(self) -> None:
        """Count one value. Raises WireError when there were too many."""
        self._left -= 1
        if self._left < 0:
            raise WireError(f"more than {MAX_ITEMS} values")


def decode(data: bytes | bytearray | memoryview, budget: Budget | None = None) -> Any:
    """Return the value that `data` holds, all of it.

    Memory and time are bounded by the size of `data` and by `budget`, whatever it says.

    Raises:
        WireError: `data` is anything but one encoded value.
    """
    reader = _Reader(memoryview(data), budget or Budget())
    value = reader.value(0)
    if reader.left:
        raise WireError(f"{reader.left} bytes too many")
    return value


class _Reader:
    """Takes values off `data`. Counts are believed only as far as there are bytes for them."""

    def __init__(self, data: memoryview, budget: Budget) -> None:
        if len(data) > MAX_BYTES:
            raise WireError(f"larger than {MAX_BYTES >> 20} MiB")
        self._data = data
        self._at, self._end = 0, len(data)
        self._budget = budget

    @property
    def left(self) -> int:
        return self._end - self._at

    def value(self, depth: int) -> Any:
        self._budget.spend()
        if self._at >= self._end:
            raise WireError("cut off")
        tag = self._data[self._at]
        self._at += 1
        if tag < 0x80:
            return tag
        if tag >= 0xE0:
            return tag - 0x100
        if tag < 0x90:
            return self._dict(tag & 0x0F, depth)
        if tag < 0xA0:
            return self._list(tag & 0x0F, depth)
        if tag < 0xC0:
            return self._str(tag & 0x1F)
        return self._tagged(tag, depth)

    def _tagged(self, tag: int, depth: int) -> Any:
        if tag in _CONSTANTS:
            return _CONSTANTS[tag]
        if tag not in _NUMBERS:
            raise WireError(f"unknown tag 0x{tag:02x}")
        layout = _NUMBERS[tag]
        number = layout.unpack(self._take(layout.size))[0]
        if tag in (0xC4, 0xC5, 0xC6):
            return bytes(self._take(number))
        if tag in (0xD9, 0xDA, 0xDB):
            return self._str(number)
        if tag in (0xDC, 0xDD):
            return self._list(number, depth)
        if tag in (0xDE, 0xDF):
            return self._dict(number, depth)
        return self._array(number) if tag == 0xC9 else number

    def _take(self, size: int) -> memoryview:
        start, self._at = self._at, self._at + size
        if self._at > self._end:
            raise WireError("cut off")
        return self._data[start : self._at]

    def _str(self, size: int) -> str:
        try:
            return str(self._take(size), "utf-8")
        except UnicodeDecodeError:
            raise WireError("a str that is not UTF-8") from None

    def _enter(self, count: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH}")
        if count > self.left:
            raise WireError("cut off")

    def _list(self, count: int, depth: int) -> list[Any]:
        self._enter(count, depth)
        return [self.value(depth + 1) for _ in range(count)]

    def _dict(self, count: int, depth: int) -> dict[str, Any]:
        # Only str keys: ints hash to themselves, so a box could choose ones that all collide.
        self._enter(2 * count, depth)
        found: dict[str, Any] = {}
        for _ in range(count):
            key = self.value(depth + 1)
            if type(key) is not str:
                raise WireError("a key that is not a str")
            if key in found:
                raise WireError("a key twice")
            found[key] = self.value(depth + 1)
        return found

    def _array(self, size: int) -> Any:
        if self._take(1)[0] != ARRAY:
            raise WireError("unknown extension")
        body = self._take(size)
        if size < 2 or body[0] >= len(DTYPES) or body[1] > MAX_DIMENSIONS:
            raise WireError("an array of no known form")
        start = 2 + 8 * body[1]
        if size < start:
            raise WireError("cut off")
        shape = struct.unpack(f">{body[1]}Q", body[2:start])
        if math.prod(shape) * ITEM_BYTES[body[0]] != size - start:
            raise WireError("an array whose bytes do not fill its shape")
        return _make_array(DTYPES[body[0]], shape, body[start:])


_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS = {
    tag: struct.Struct(layout)
    for tag, layout in {
        0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xC9: ">I", 0xCB: ">d",
        0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
        0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
        0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I",
    }.items()
}  # fmt: skip


def _make_array(dtype: str, shape: tuple[int, ...], data: memoryview) -> Any:
    try:
        import numpy as np  # late: the driver starts before any heavy import
    except ImportError:
        raise WireError("an array, where there is no numpy") from None
    try:
        array = np.ndarray(shape, dtype, data).copy()
    except ValueError:  # an empty array with dimensions that numpy cannot multiply
        raise WireError("an array of impossible shape") from None
    if dtype == "|b1" and (array.view("u1") > 1).any():
        raise WireError("a bool that is neither true nor false")
    return array

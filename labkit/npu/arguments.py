"""What a caller passes to a kernel: arrays, numbers and structs, as a request and an image."""

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.npu.errors import NpuError
from labkit.npu.memory_file import memory_file, seal

_PAGE = 65536  # a multiple of the page size of every system
_TYPES = {
    *("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    *("bool", "float16", "bfloat16", "float32"),
}

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Piece:
    """A run of bytes of the image that holds all of global memory."""

    offset: int
    bytes: int


class Arguments:
    """A call's arguments, checked. `arrays` are written in place when the call has ended."""

    def __init__(self, given: Sequence[Any], tiling: Any = None) -> None:
        """Take the caller's arguments.

        Raises:
            TypeError: one is of a type that no kernel takes.
            ValueError: an array is not contiguous, or not writeable.
        """
        self.arrays: list[Array] = []
        self.lines: list[str] = []
        self.pieces: list[Piece] = []
        self._numbers: list[int] = []  # of the arrays among all arguments
        for number, each in enumerate(given, start=1):
            self.lines.append(self._line(each, number))
        self.tiling = None if tiling is None else _plain_bytes(tiling)
        if self.tiling is not None:
            piece = self._place(len(self.tiling))
            self.lines.append(f"tiling {piece.offset} {piece.bytes}")

    def _line(self, given: Any, number: int) -> str:
        if isinstance(given, np.ndarray):
            piece = self._place(_checked(given, number).nbytes)
            self._alone(given, number)
            self.arrays.append(given)
            self._numbers.append(number)
            return f"array {piece.offset} {piece.bytes}"
        if isinstance(given, (bool, int, np.bool_, np.integer)):
            return f"i64 {int(given)}"
        if isinstance(given, (float, np.floating)):
            return f"f64 {float(given).hex()}"
        return f"bytes {_plain_bytes(given, number).hex()}"

    def _alone(self, array: Array, number: int) -> None:
        for other, earlier in zip(self.arrays, self._numbers, strict=True):
            if np.may_share_memory(array, other):
                raise ValueError(f"argument {number} shares memory with argument {earlier}")

    def _place(self, size: int) -> Piece:
        last = self.pieces[-1] if self.pieces else Piece(0, 0)
        end = last.offset + last.bytes
        self.pieces.append(Piece(-(-end // _PAGE) * _PAGE, size))
        return self.pieces[-1]

    @property
    def size(self) -> int:
        """Bytes of the image."""
        last = self.pieces[-1] if self.pieces else Piece(0, 0)
        return max(last.offset + last.bytes, 1)

    def places(self) -> str:
        """Return the places of all arrays in the image, the tiling's last, for the replay."""
        return ",".join(f"{piece.offset}:{piece.bytes}" for piece in self.pieces)

    def image(self) -> int:
        """Return a descriptor of a sealed file that holds the arrays' bytes."""
        descriptor = memory_file("image")
        os.ftruncate(descriptor, self.size)
        for piece, content in zip(self.pieces, self._contents(), strict=True):
            done = 0
            while done < piece.bytes:
                done += os.pwrite(descriptor, content[done:], piece.offset + done)
        seal(descriptor)
        return descriptor

    def _contents(self) -> list[memoryview]:
        arrays = [_bytes_of(each) for each in self.arrays]
        return arrays if self.tiling is None else [*arrays, memoryview(self.tiling)]

    def take(self, outputs: int, written: Sequence[bool]) -> None:
        """Copy into the arrays that were `written` what the replay left in the file `outputs`."""
        for piece, array, changed in zip(self.pieces, self.arrays, written, strict=False):
            content, done = _bytes_of(array), 0
            while changed and done < piece.bytes:
                got = os.preadv(outputs, [content[done:]], piece.offset + done)
                if not got:
                    raise NpuError("the replay's outputs are cut short")
                done += got


def _bytes_of(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")


def _checked(array: Array, number: int) -> Array:
    """Return `array`, if it can be global memory."""
    what = f"argument {number}"
    if array.dtype.name not in _TYPES:
        raise TypeError(
            f"{what}: {array.dtype} is no type of the NPU's: {', '.join(sorted(_TYPES))}"
        )
    if array.ndim == 0:
        raise ValueError(f"{what} is an array of no dimension: pass a number, or an array")
    if not array.dtype.isnative:
        raise ValueError(f"{what} is not in this machine's byte order")
    if not array.flags.c_contiguous:
        raise ValueError(f"{what} is not contiguous: pass numpy.ascontiguousarray(it)")
    if not array.flags.writeable:
        raise ValueError(f"{what} is read-only, and arrays are written in place: pass a copy")
    return array


def _plain_bytes(given: Any, number: int = 0) -> bytes:
    """Return the bytes of a struct."""
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(given)
    if isinstance(given, (ctypes.Structure, ctypes.Union, ctypes.Array)):
        return bytes(given)
    if isinstance(given, (np.void, np.ndarray)):
        return given.tobytes()
    what = f"argument {number}" if number else "the tiling"
    raise TypeError(
        f"{what} is a {type(given).__name__}: pass an array, a number, "
        "or a struct as bytes, ctypes.Structure or numpy.void"
    )

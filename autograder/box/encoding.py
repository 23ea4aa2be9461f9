"""Plain data to bytes. Both sides of the wall; used through `wire`."""

import struct
import sys
from collections.abc import Callable
from typing import Any

from autograder.box.plain import (
    ARRAY,
    DTYPES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_ITEMS,
    WireError,
)


class _Refused(Exception):
    """Why a part of a value cannot travel; gathers the path to it on the way up."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path: list[str] = []


def encode(value: Any) -> bytes:
    """Return `value` as bytes.

    Raises:
        WireError: a part is not plain data, or it is too large; the message names the part, as in
            ``value["grads"][1]: a Tensor is not plain data``.
    """
    writer = _Writer()
    try:
        writer.put(value, 0)
    except _Refused as refused:
        raise WireError(f"value{''.join(reversed(refused.path))}: {refused}") from None
    return bytes(writer.out)


class _Writer:
    """Appends encoded values to `out`."""

    def __init__(self) -> None:
        self.out = bytearray()
        self._items = 0

    def put(self, value: Any, depth: int) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise _Refused(f"more than {MAX_ITEMS} values: use an array")
        put = _PUT.get(type(value), _Writer._other)
        put(self, value, depth)

    def _room(self, size: int) -> None:
        if len(self.out) + size > MAX_BYTES:
            raise _Refused(f"larger than {MAX_BYTES >> 20} MiB")

    def _none(self, value: None, depth: int) -> None:
        self.out.append(0xC0)

    def _bool(self, value: bool, depth: int) -> None:
        self.out.append(0xC3 if value else 0xC2)

    def _int(self, value: int, depth: int) -> None:
        if 0 <= value < 0x80:
            self.out.append(value)
        elif -0x20 <= value < 0:
            self.out.append(0x100 + value)
        elif -(1 << 63) <= value < 1 << 63:
            self.out += struct.pack(">Bq", 0xD3, value)
        elif 0 <= value < 1 << 64:
            self.out += struct.pack(">BQ", 0xCF, value)
        else:
            raise _Refused("an int of more than 64 bits")

    def _float(self, value: float, depth: int) -> None:
        self.out += struct.pack(">Bd", 0xCB, value)

    def _str(self, value: str, depth: int) -> None:
        try:
            text = value.encode()
        except UnicodeEncodeError:
            raise _Refused("a str with half a surrogate pair") from None
        if len(text) < 0x20:
            self.out.append(0xA0 | len(text))
        else:
            self._head(0xD9, len(text))
        self.out += text

    def _bytes(self, value: bytes, depth: int) -> None:
        self._head(0xC4, len(value))
        self.out += value

    def _head(self, tag: int, size: int) -> None:
        """The tag of an 8, 16 or 32 bit length (three tags in a row), and the length."""
        self._room(size)
        if size < 1 << 8:
            self.out += struct.pack(">BB", tag, size)
        elif size < 1 << 16:
            self.out += struct.pack(">BH", tag + 1, size)
        else:
            self.out += struct.pack(">BI", tag + 2, size)

    def _count(self, small: int, tag: int, count: int, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH}")
        if count < 0x10:
            self.out.append(small | count)
        else:
            self._room(count)
            self.out += struct.pack(">BI", tag, count)

    def _list(self, value: list[Any] | tuple[Any, ...], depth: int) -> None:
        self._count(0x90, 0xDD, len(value), depth)
        for at, item in enumerate(value):
            try:
                self.put(item, depth + 1)
            except _Refused as refused:
                refused.path.append(f"[{at}]")
                raise

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        self._count(0x80, 0xDF, len(value), depth)
        for key, item in value.items():
            if type(key) is not str:
                raise _Refused(f"a key is a {_name(key)}, not a str")
            self.put(key, depth + 1)
            try:
                self.put(item, depth + 1)
            except _Refused as refused:
                refused.path.append(f'["{key}"]')
                raise

    def _other(self, value: Any, depth: int) -> None:
        """An array, a numpy scalar, or nothing we know."""
        np = sys.modules.get("numpy")  # who holds an array has imported it
        if np is None or not (
            type(value) is np.ndarray
            or (isinstance(value, np.generic) and type(value) is value.dtype.type)
        ):
            raise _Refused(f"a {_name(value)} is not plain data")
        name = value.dtype.str.replace(">", "<", 1)
        if name not in _NUMBER_OF:
            raise _Refused(f"an array of dtype {value.dtype} is not plain data")
        if value.ndim > MAX_DIMENSIONS:
            raise _Refused(f"an array of more than {MAX_DIMENSIONS} dimensions")
        self._room(value.nbytes)
        head = struct.pack(f">BB{value.ndim}Q", _NUMBER_OF[name], value.ndim, *value.shape)
        self.out += struct.pack(">BIb", 0xC9, len(head) + value.nbytes, ARRAY)
        self.out += head
        self.out += value.astype(name, copy=False).tobytes()


_NUMBER_OF = {name: number for number, name in enumerate(DTYPES)}
_PUT: dict[type, Callable[[_Writer, Any, int], None]] = {
    type(None): _Writer._none,
    bool: _Writer._bool,
    int: _Writer._int,
    float: _Writer._float,
    str: _Writer._str,
    bytes: _Writer._bytes,
    list: _Writer._list,
    tuple: _Writer._list,
    dict: _Writer._dict,
}


def _name(value: Any) -> str:
    return str(type(value).__name__)

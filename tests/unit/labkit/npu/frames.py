"""Reads a trace strictly: what the recording process wrote, frame by frame, in plain values."""

import struct
from typing import NamedTuple

KINDS = (
    *("file", "alloc", "release", "host_write", "host_fill", "host_copy", "host_read", "launch"),
    *("core", "instruction", "core_end", "launch_end", "fault", "end"),
)
_LAYOUTS = {
    "alloc": "<QQII",
    "release": "<Q",
    "host_fill": "<QQII",
    "host_copy": "<QQQ",
    "host_read": "<QQQ",
    "core": "<I",
    "core_end": "<I",
    "launch_end": "<",
    "end": "<",
}
_HEAD = struct.Struct("<HBBBBBBIHHI4x2Q8IQ")  # of an instruction
_OPERAND = struct.Struct("<QQQIBB2x")


class Frame(NamedTuple):
    """One frame: its kind, and its fields, or (fields, bytes) where text or bytes follow."""

    kind: str
    value: object


class Operand(NamedTuple):
    """A tensor of an instruction."""

    address: int
    base: int
    bytes: int
    queue: int
    space: int
    position: int


class Instruction(NamedTuple):
    """An instruction; `op` is its number in isa.h."""

    op: int
    form: int
    dtype: int
    detail: int
    flags: int
    line: int
    file: int
    repeats: int
    elements: int
    mask: tuple[int, int]
    param: tuple[int, ...]
    scalar: int
    operand: tuple[Operand, ...]


def read_frames(trace: bytes) -> list[Frame]:
    """Return the frames of `trace`; one that was cut off at the end is left out.

    Raises:
        ValueError: it is no trace.
    """
    magic, version, reserved = struct.unpack_from("<8sII", trace)
    if (magic, version, reserved) != (b"NPUTRACE", 1, 0):
        raise ValueError(f"this is no trace: {trace[:16]!r}")
    frames, at = [], 16
    while at + 8 <= len(trace):
        kind, size = struct.unpack_from("<II", trace, at)
        if at + 8 + size > len(trace):
            break
        frames.append(_frame(KINDS[kind], trace[at + 8 : at + 8 + size]))
        at += 8 + size
    return frames


def _frame(kind: str, body: bytes) -> Frame:
    if kind in ("file", "fault"):
        return Frame(kind, body.decode("ascii"))
    if kind == "host_write":
        return Frame(kind, (int.from_bytes(body[:8], "little"), body[8:]))
    if kind == "launch":
        return Frame(kind, (*struct.unpack("<IIQ", body[:16]), body[16:].decode("ascii")))
    if kind == "instruction":
        return Frame(kind, _instruction(body))
    return Frame(kind, struct.unpack(_LAYOUTS[kind], body))


def _instruction(body: bytes) -> Instruction:
    head = _HEAD.unpack_from(body)
    op, form, operands, dtype, _, detail, flags, line, file, repeats, elements = head[:11]
    places = range(_HEAD.size, _HEAD.size + operands * _OPERAND.size, _OPERAND.size)
    if len(body) != _HEAD.size + operands * _OPERAND.size:
        raise ValueError(f"an instruction of {operands} operands has {len(body)} bytes")
    tensors = tuple(Operand(*_OPERAND.unpack_from(body, at)) for at in places)
    rest = (head[11:13], head[13:21], head[21], tensors)
    return Instruction(op, form, dtype, detail, flags, line, file, repeats, elements, *rest)

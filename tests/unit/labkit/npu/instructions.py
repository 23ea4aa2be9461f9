"""Instructions of the virtual NPU as bytes, laid out as in npu/isa.h."""

import re
import struct
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from tests.unit.labkit.npu.native import INCLUDE

_HEAD = struct.Struct("<H6BIHHI4x2Q8IQ")
_OPERAND = struct.Struct("<3QI2B2x")
MOST_OPERANDS = 4
TYPES = ("none", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f16", "bf16", "f32")
SPACES = ("none", "GM", "UB")


@cache
def op_numbers() -> dict[str, int]:
    """The number of each operation, by its name."""
    names = re.findall(r"^NAME\((\w+),", (INCLUDE / "npu" / "names.inc").read_text(), re.M)
    return {name: number for number, name in enumerate(names)}


class Operand(NamedTuple):
    """A tensor: where it starts, in bytes, and the tensor that it was cut from."""

    space: str = "none"
    address: int = 0
    base: int = 0
    bytes: int = 0
    queue: int = 0
    position: int = 0

    def pack(self) -> bytes:
        """The operand as C++ holds it."""
        space = SPACES.index(self.space)
        return _OPERAND.pack(self.address, self.base, self.bytes, self.queue, space, self.position)


@dataclass(frozen=True)
class Instruction:
    """One instruction; what is not given is 0."""

    op: str
    operands: tuple[Operand, ...] = ()
    dtype: str = "none"
    source: str = "none"
    form: int = 0
    detail: int = 0
    flags: int = 0
    line: int = 0
    file: int = 0
    repeats: int = 0
    count: int = 0
    mask: tuple[int, int] = (0, 0)
    param: tuple[int, ...] = field(default=())
    scalar: int = 0

    def head(self) -> bytes:
        """All but the operands."""
        types = TYPES.index(self.dtype), TYPES.index(self.source)
        param = (*self.param, *[0] * (8 - len(self.param)))
        return _HEAD.pack(
            op_numbers()[self.op],
            self.form,
            len(self.operands),
            *types,
            self.detail,
            self.flags,
            self.line,
            self.file,
            self.repeats,
            self.count,
            *self.mask,
            *param,
            self.scalar,
        )

    def pack(self) -> bytes:
        """The whole as C++ holds it, with operands that are not there."""
        missing = (Operand(),) * (MOST_OPERANDS - len(self.operands))
        return self.head() + b"".join(each.pack() for each in (*self.operands, *missing))

    def frame(self) -> bytes:
        """The payload of its frame in a trace."""
        return self.head() + b"".join(each.pack() for each in self.operands)

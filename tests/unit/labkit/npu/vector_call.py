"""A call of the vector API, and the instruction that it must become."""

from dataclasses import dataclass, field
from typing import Any

COUNT, REPEAT, COUNTER = 1, 2, 3
ONE = {"half": 0x3C00, "float": 0x3F800000, "bfloat16_t": 0x3F80}  # else 1
BITS = [0x5555, 3]  # of the variable `bits`
FIRST_70 = [2**64 - 1, 2**6 - 1]


REPEATED = {"repeats": 3, "count": 70, "mask": FIRST_70}
LISTED = {"repeats": 3, "mask": BITS}


@dataclass(frozen=True)
class Call:
    text: str
    op: str
    dtype: str
    operands: list[str | None]  # names of tensors: see `tensor`
    form: int = COUNT
    param: list[int] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


def tensor(letter: str, dtype: str) -> str:
    return f"{letter}_{dtype}"


def one(dtype: str) -> dict[str, Any]:
    return {"scalar": ONE.get(dtype, 1)}

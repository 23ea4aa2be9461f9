"""Vector instructions on a UB of a few KB: how a test writes them, and what came of them."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.unit.labkit.npu import native
from tests.unit.labkit.npu.instructions import Instruction, Operand

DTYPES = {
    **{name: np.dtype(f"{name[0]}{int(name[1:]) // 8}") for name in ("u8", "i8", "u16", "i16")},
    **{name: np.dtype(f"{name[0]}{int(name[1:]) // 8}") for name in ("u32", "i32", "u64", "i64")},
    **{"f16": np.dtype("f2"), "f32": np.dtype("f4"), "bf16": np.dtype("u2")},
}
COUNT, REPEAT, COUNTER = 1, 2, 3
UB = 16384
_DONE = struct.Struct("<32sQdIII")
_RUN = struct.Struct("<4I")


@dataclass
class Done:
    """What came of an instruction."""

    code: str
    result: int
    cycles: float
    used: int
    needed: int
    runs: list[tuple[int, ...]]  # write, exact, address, bytes
    ub: np.ndarray

    def array(self, dtype: str, at: int, count: int) -> np.ndarray:
        """The `count` elements of UB from byte `at` on."""
        kind = DTYPES[dtype]
        return self.ub[at : at + count * kind.itemsize].view(kind)

    def touched(self, write: bool) -> set[int]:
        """The bytes that it says it wrote, or read."""
        return {
            byte
            for wrote, _, at, size in self.runs
            if wrote == write
            for byte in range(at, at + size)
        }


def vector(
    op: str, dtype: str, at: tuple[int | None, ...], form: int = COUNT, **more: Any
) -> Instruction:
    """Make an instruction of operands at bytes `at` of UB: dst, src0, src1, extra, or None.

    `value` = the scalar, `chosen` = the mask as one number; all else as in Instruction.
    """
    operands = tuple(
        Operand() if place is None else Operand("UB", place, 0, UB, position=11) for place in at
    )
    if "value" in more:
        raw = np.asarray(more.pop("value"), DTYPES[dtype]).tobytes()
        more["scalar"] = int.from_bytes(raw, "little")
    if "chosen" in more:
        chosen = more.pop("chosen")
        more["mask"] = (chosen & (1 << 64) - 1, chosen >> 64)
    return Instruction(op, operands, dtype, form=form, **more)


def holding(arrays: dict[int, np.ndarray], rng: np.random.Generator | None = None) -> np.ndarray:
    """Make a UB that holds `arrays` at their bytes, and noise elsewhere."""
    noise = (rng or np.random.default_rng(0)).integers(0, 256, UB)
    ub = noise.astype(np.uint8)
    for at, values in arrays.items():
        raw = np.ascontiguousarray(values).view(np.uint8).ravel()
        ub[at : at + len(raw)] = raw
    return ub


def run_all(program: Path, cases: list[tuple[Instruction, np.ndarray]]) -> list[Done]:
    """Run each instruction on its own UB."""
    given = b"".join(i.pack() + struct.pack("<I", len(ub)) + ub.tobytes() for i, ub in cases)
    told = native.run(program, "run", given=given)
    done, place = [], 0
    for _, ub in cases:
        code, *figures, runs = _DONE.unpack_from(told, place)
        place += _DONE.size
        spans = [_RUN.unpack_from(told, place + _RUN.size * i) for i in range(runs)]
        place += _RUN.size * runs
        after = np.frombuffer(told, np.uint8, len(ub), place)
        place += len(ub)
        done.append(Done(code.rstrip(b"\0").decode(), *figures, spans, after))
    return done


def run_one(program: Path, instruction: Instruction, arrays: dict[int, np.ndarray]) -> Done:
    """Run one instruction on a UB that holds `arrays`."""
    return run_all(program, [(instruction, holding(arrays))])[0]


def same(got: np.ndarray, want: np.ndarray) -> bool:
    """Whether two arrays are equal bit for bit; any NaN is as good as any other."""
    if got.dtype.kind == "f":
        both = np.isnan(got) & np.isnan(want)
        zero = got.dtype.type(0)
        got, want = np.where(both, zero, got), np.where(both, zero, want)
    return got.dtype == want.dtype and got.tobytes() == want.tobytes()

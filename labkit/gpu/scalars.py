"""Numba's rules for the types of scalars, over NumPy's dtypes.

Measured with numba 0.68 (`numba.njit`), and held to it by tests/unit/labkit/gpu/test_typing.py:
integer arithmetic is 64 bits wide, signed unless both sides are unsigned; an integer of 32 bits or
more makes float64 of a float32, a literal such as 2 included; ``/`` of integers is float64.
"""

from typing import Any

import numpy as np

DType = np.dtype[Any]

BOOL, INT32, INT64, UINT16, UINT32, UINT64, FLOAT16, FLOAT32, FLOAT64 = map(
    np.dtype, ("?", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8")
)
BY_NAME: dict[str, DType] = {
    name: np.dtype(name)
    for name in (
        *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64"),
    )
} | {
    "bool_": BOOL,
    "boolean": BOOL,
    "intp": INT64,
    "uintp": UINT64,
    "intc": INT32,
    "uintc": UINT32,
    "bool": BOOL,
    "int_": INT64,
    "float_": FLOAT64,
    "double": FLOAT64,
}
ARITHMETIC = frozenset({"Add", "Sub", "Mult", "FloorDiv", "Mod"})
BITWISE = frozenset({"BitAnd", "BitOr", "BitXor"})
SHIFTS = frozenset({"LShift", "RShift"})


def is_float(kind: DType) -> bool:
    """Whether `kind` is a floating type."""
    return kind.kind == "f"


def is_integer(kind: DType) -> bool:
    """Whether `kind` is an integer or a boolean."""
    return kind.kind in "iub"


def widened(kind: DType) -> DType:
    """Return what an integer becomes in arithmetic: uint64 or int64."""
    return UINT64 if kind.kind == "u" else INT64


def unify(one: DType, other: DType) -> DType:
    """Return the type of a name that is bound to `one` on one path and to `other` on another."""
    if one == other:
        return one
    if is_float(one) or is_float(other):
        return FLOAT32 if {one, other} == {UINT16, FLOAT32} else mixed(one, other)
    if {one.kind, other.kind} == {"i", "u"} and {one.itemsize, other.itemsize} & {8}:
        signed, unsigned = (one, other) if one.kind == "i" else (other, one)
        return INT64 if unsigned.itemsize < signed.itemsize else FLOAT64
    return np.result_type(one, other)


def mixed(one: DType, other: DType) -> DType:
    """Return the floating type in which `one` and `other` (one of them floating) meet.

    Numba takes uint16, though not int16, to float64 here, and not where paths meet.
    """
    wide = FLOAT64
    for kind in (one, other):
        if kind in (FLOAT64, UINT16) or (is_integer(kind) and kind.itemsize >= 4):
            return wide
    return FLOAT32 if FLOAT32 in (one, other) else FLOAT16


def binary(operator: str, left: DType, right: DType) -> tuple[DType, DType] | None:
    """Return the type in which ``left operator right`` is computed, and that of its result.

    `operator` is the name of an `ast` operator. None: there is no such operation.
    """
    floating = is_float(left) or is_float(right)
    if operator in BITWISE or operator in SHIFTS:
        return None if floating else _bits(operator, left, right)
    if operator == "Pow":
        return _power(left, right)
    if floating:
        kind = mixed(left, right)
        return kind, kind
    if operator == "Div":
        return FLOAT64, FLOAT64
    kind = _integer(left, right)
    return kind, kind


def _integer(left: DType, right: DType) -> DType:
    return UINT64 if left.kind == right.kind == "u" else INT64


def _bits(operator: str, left: DType, right: DType) -> tuple[DType, DType]:
    if operator in SHIFTS:
        return widened(left), widened(left)
    kind = BOOL if left == right == BOOL else _integer(left, right)
    return kind, kind


def _power(left: DType, right: DType) -> tuple[DType, DType]:
    if is_float(left) and is_integer(right):
        return left, left
    kind = mixed(left, right) if is_float(left) or is_float(right) else _integer(left, right)
    return kind, kind


def compared(left: DType, right: DType) -> DType | None:
    """Return the type in which two scalars are compared; None: as they are."""
    if is_float(left) or is_float(right):
        return mixed(left, right)
    return None


def negated(kind: DType) -> DType:
    """Return the type of ``-x`` and ``+x``."""
    return kind if is_float(kind) else widened(kind)


def cast(value: Any, kind: DType) -> Any:
    """Return `value`, a NumPy scalar or array, as `kind`; the same object if it is one already."""
    return value if value.dtype == kind else value.astype(kind)

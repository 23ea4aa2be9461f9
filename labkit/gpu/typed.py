"""Compiled expressions: what type they have, and how a batch of lanes computes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.run import Run
from labkit.gpu.scalars import DType

Compute = Callable[[Run], Any]


@dataclass(frozen=True)
class ArrayType:
    """An array in a kernel."""

    dtype: DType
    ndim: int
    space: str  # "global", "shared" or "local"
    shape: tuple[int, ...] | None = None  # where the source says it


@dataclass(frozen=True)
class TupleType:
    """A tuple, whose items are known one by one."""

    items: tuple["Type", ...]


Type = DType | ArrayType | TupleType | None  # None: no value


@dataclass(frozen=True)
class Expr:
    """An expression of `type`; `compute` yields lanes (see lanes.py), an array view, or a tuple."""

    type: Type
    compute: Compute
    const: Any = None  # its value, if the source alone decides it
    items: tuple["Expr", ...] = ()  # of a tuple that is written out
    is_product: bool = False  # of floats: a sum that takes it up is one fused instruction

    def to(self, kind: DType) -> "Expr":
        """Return the scalar as `kind`."""
        if self.type == kind:
            return self
        compute = self.compute
        if self.const is not None and isinstance(self.type, np.dtype):
            with np.errstate(all="ignore"):
                value = np.asarray(self.const, self.type).astype(kind)[()]
            return literal(value.item(), kind)
        return Expr(kind, lambda run: scalars.cast(compute(run), kind))


def literal(value: Any, kind: DType) -> Expr:
    """Return the constant `value`."""
    held = kind.type(value)
    return Expr(kind, lambda run: held, value)


def written_out(items: tuple[Expr, ...]) -> Expr:
    """Return a tuple of expressions."""
    computes = [item.compute for item in items]
    consts = tuple(item.const for item in items)
    return Expr(
        TupleType(tuple(item.type for item in items)),
        lambda run: tuple(compute(run) for compute in computes),
        consts if None not in consts else None,
        items,
    )

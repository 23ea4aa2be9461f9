"""Compiles the functions of Python and ``math`` that a kernel may call."""

import ast
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.arithmetic import Arithmetic
from labkit.gpu.run import Run
from labkit.gpu.scalars import BOOL, FLOAT64, INT64, UINT64, DType
from labkit.gpu.typed import Expr, literal

_ELEMENTWISE = {name: np.frompyfunc(getattr(math, name), 1, 1) for name in ("erf", "erfc")}
_TWO = ("pow", "atan2", "hypot", "fmod", "copysign")


def _one_by_one(function: Any, lanes: Any) -> Any:
    return np.asarray(function(lanes)).astype(lanes.dtype)


_MATH: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log2", "log10", "log1p")},
    **{name: getattr(np, name) for name in ("sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh")},
    **{name: getattr(np, name) for name in ("fabs", "hypot", "fmod", "copysign")},
    **{f"a{name}": getattr(np, f"arc{name}") for name in ("sin", "cos", "tan", "tan2")},
    **{f"a{name}": getattr(np, f"arc{name}") for name in ("sinh", "cosh", "tanh")},
    "pow": np.power,
    **{name: partial(_one_by_one, function) for name, function in _ELEMENTWISE.items()},
}
_TO_WHOLE = {"floor": np.floor, "ceil": np.ceil, "trunc": np.trunc}
_TESTS = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite}


class Functions(Arithmetic):
    """Compiles casts, mathematics and Python's own functions."""

    def _plain(self, node: ast.Call) -> None:
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.no(node, "a keyword or starred argument", "plain arguments")

    def _arguments(self, node: ast.Call, least: int, most: int | None = None) -> list[Expr]:
        if not least <= len(node.args) <= (most or least):
            raise self.module.error(node, f"{ast.unparse(node.func)} takes {least} arguments")
        return [self.scalar(argument) for argument in node.args]

    def _cast(self, node: ast.Call, kind: DType) -> Expr:
        return self._as_kind(node, self._arguments(node, 1)[0], kind)

    def _as_kind(self, node: ast.Call, value: Expr, kind: DType) -> Expr:
        if value.const is not None or value.type == kind:
            return value.to(kind)  # costs nothing
        self.count(node, "int" if scalars.is_integer(kind) else f"fp{8 * kind.itemsize}")
        return value.to(kind)

    def _python_int(self, node: ast.Call) -> Expr:
        """``int(x)``: an integer keeps its type, as in Numba."""
        (value,) = self._arguments(node, 1)
        assert isinstance(value.type, np.dtype)
        is_whole = scalars.is_integer(value.type) and value.type != BOOL
        return value if is_whole else self._as_kind(node, value, INT64)

    def _python_float(self, node: ast.Call) -> Expr:
        """``float(x)``: a float32 remains one, as in Numba."""
        (value,) = self._arguments(node, 1)
        return value if value.type == scalars.FLOAT32 else self._as_kind(node, value, FLOAT64)

    def _python_round(self, node: ast.Call) -> Expr:
        (value,) = self._arguments(node, 1)
        assert isinstance(value.type, np.dtype)
        self.operation(node, value.type)
        compute = value.compute
        return Expr(INT64, lambda run: np.rint(compute(run)).astype(INT64))

    def _python_bool(self, node: ast.Call) -> Expr:
        self._arguments(node, 1)
        return self.truth(node.args[0])

    def _python_len(self, node: ast.Call) -> Expr:
        if len(node.args) != 1:
            raise self.module.error(node, "len takes 1 argument")
        shape = self.expr(ast.copy_location(ast.Attribute(node.args[0], "shape", ast.Load()), node))
        if not shape.items:
            raise self.module.error(node, "an array of no dimensions has no length")
        return shape.items[0]

    def _python_abs(self, node: ast.Call) -> Expr:
        (value,) = self._arguments(node, 1)
        value = value.to(np.dtype("i1")) if value.type == BOOL else value
        assert isinstance(value.type, np.dtype)
        self.operation(node, value.type)
        compute = value.compute
        return Expr(value.type, lambda run: np.abs(compute(run)))

    def _python_min(self, node: ast.Call) -> Expr:
        return self._extreme(node, np.less)

    def _python_max(self, node: ast.Call) -> Expr:
        return self._extreme(node, np.greater)

    def _extreme(self, node: ast.Call, better: Any) -> Expr:
        values = self._arguments(node, 2, 8)
        found = values[0]
        for other in values[1:]:
            assert isinstance(found.type, np.dtype) and isinstance(other.type, np.dtype)
            kind = scalars.unify(found.type, other.type)
            self.watch_width(node, kind, found, other)
            self.operation(node, kind)
            one, two = found.to(kind).compute, other.to(kind).compute
            found = Expr(kind, _better(better, one, two))
        return found

    def _math(self, node: ast.Call, name: str) -> Expr:
        if name in _TESTS:
            (value,) = self._arguments(node, 1)
            self.count(node, "int")
            compute, test = value.compute, _TESTS[name]
            return Expr(BOOL, lambda run: test(compute(run)))
        if name not in _MATH and name not in _TO_WHOLE:
            raise self.no(node, f"math.{name}")
        values = self._arguments(node, 2 if name in _TWO else 1)
        kind = self._floating(values)
        if name in _MATH and all(value.const is not None for value in values):
            with np.errstate(all="ignore"):
                known = _MATH[name](*(np.asarray(value.const, kind) for value in values))
            return literal(known.item(), kind)
        self.count(node, "special")
        self.watch_width(node, kind, *values)
        inner = [value.to(kind).compute for value in values]
        if name in _TO_WHOLE:
            whole = _TO_WHOLE[name]
            (given,) = (value.type for value in values)
            to = UINT64 if isinstance(given, np.dtype) and given.kind == "u" else INT64
            return Expr(to, lambda run: whole(inner[0](run)).astype(to))
        function = _MATH[name]
        return Expr(kind, lambda run: function(*(part(run) for part in inner)))

    def _floating(self, values: list[Expr]) -> DType:
        kinds = [value.type for value in values if isinstance(value.type, np.dtype)]
        kind = kinds[0] if scalars.is_float(kinds[0]) else FLOAT64
        for other in kinds[1:]:
            kind = scalars.mixed(kind, other)
        return kind


def _better(better: Any, one: Any, other: Any) -> Any:
    def choose(run: Run) -> Any:
        left, right = one(run), other(run)
        return np.where(better(right, left), right, left)

    return choose

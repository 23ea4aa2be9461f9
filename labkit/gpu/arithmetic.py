"""Compiles arithmetic and conditions of a kernel: Numba's types decide once, lanes come later."""

import ast
import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.counters import Site
from labkit.gpu.expressions import Expressions
from labkit.gpu.run import Run
from labkit.gpu.scalars import BOOL, FLOAT64, INT64, DType
from labkit.gpu.typed import Compute, Expr, literal

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": np.floor_divide,
    "Mod": np.mod,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}


class Arithmetic(Expressions):
    """Compiles operators."""

    def _unaryop(self, node: ast.UnaryOp) -> Expr:
        if isinstance(node.op, ast.Not):
            inner = self.truth(node.operand).compute
            self.count(node, "int")
            return Expr(BOOL, lambda run: ~inner(run))
        value = self.scalar(node.operand)
        is_plain = value.type in (INT64, FLOAT64) and value.const is not None
        if is_plain and not isinstance(node.op, ast.Invert):
            sign = -1 if isinstance(node.op, ast.USub) else 1
            assert isinstance(value.type, np.dtype)
            return literal(sign * value.const, scalars.negated(value.type))
        return self._signed(node, value)

    def _signed(self, node: ast.UnaryOp, value: Expr) -> Expr:
        assert isinstance(value.type, np.dtype)
        if isinstance(node.op, ast.Invert):
            if scalars.is_float(value.type):
                raise self.module.error(node, "~ needs an integer")
            kind = BOOL if value.type == BOOL else scalars.widened(value.type)
            function: Any = operator.invert
        else:
            kind = scalars.negated(value.type)
            function = operator.neg if isinstance(node.op, ast.USub) else operator.pos
        self.operation(node, kind)
        # Numba negates in the operand's own width, and widens what comes out.
        own = value.to(kind) if value.type == BOOL else value
        assert isinstance(own.type, np.dtype)
        inner = own.compute
        return Expr(own.type, lambda run: function(inner(run))).to(kind)

    def operation(self, node: ast.AST, kind: DType) -> None:
        """Count one arithmetic instruction in `kind`."""
        if scalars.is_float(kind):
            self.count(node, f"fp{8 * kind.itemsize}")
        else:
            self.count(node, "int")

    def _binop(self, node: ast.BinOp) -> Expr:
        left, right = self.scalar(node.left), self.scalar(node.right)
        return self.binary(node, node.op, left, right)

    def binary(self, node: ast.AST, op: ast.operator, left: Expr, right: Expr) -> Expr:
        """Compile ``left op right``."""
        assert isinstance(left.type, np.dtype) and isinstance(right.type, np.dtype)
        name = type(op).__name__
        kinds = scalars.binary(name, left.type, right.type)
        if kinds is None or (name not in _BINARY and name != "Pow"):
            raise self.module.error(node, f"{name} is not defined for {left.type} and {right.type}")
        folded = self._fold(name, kinds[1], left, right)
        if folded is not None:
            return folded
        self.watch_width(node, kinds[0], left, right)
        if name == "Pow":
            return self.power(node, kinds[0], left, right)
        self._count_arithmetic(node, name, kinds[0], left, right)
        one, other = left.to(kinds[0]).compute, right.to(kinds[0]).compute
        function = _BINARY[name]
        return Expr(
            kinds[1],
            lambda run: function(one(run), other(run)),
            is_product=name == "Mult" and scalars.is_float(kinds[0]),
        )

    def _fold(self, name: str, kind: DType, left: Expr, right: Expr) -> Expr | None:
        """Fold the numbers that shapes, offsets and factors are made of."""
        sides = (left, right)
        if name not in _BINARY or any(side.const is None for side in sides):
            return None
        if any(side.type not in (INT64, FLOAT64) for side in sides):
            return None
        if name in ("Div", "FloorDiv", "Mod") and right.const == 0:
            return None
        if name in scalars.SHIFTS and not 0 <= right.const < 64:
            return None
        if kind == FLOAT64:
            return literal(float(_BINARY[name](*(float(side.const) for side in sides))), FLOAT64)
        value = int(_BINARY[name](left.const, right.const))
        return literal(value, INT64) if -(2**63) <= value < 2**63 else None

    def watch_width(self, node: ast.AST, kind: DType, *values: Expr) -> None:
        """Remember why the line computes in float64, if it does so by accident."""
        kinds = [value.type for value in values]
        if kind != FLOAT64 or all(value.const is not None for value in values):
            return
        if FLOAT64 in kinds and scalars.FLOAT32 not in kinds:
            return  # it is meant
        said = [str(v.type) if v.const is None else f"the literal {v.const}" for v in values]
        said.sort(key=lambda one: one != "float32")
        why = " with ".join(said) if len(said) > 1 else f"math of {said[0]}"
        self.wide[getattr(node, "lineno", 0)] = why

    def _count_arithmetic(
        self, node: ast.AST, name: str, kind: DType, left: Expr, right: Expr
    ) -> None:
        products = [side for side in (left, right) if side.is_product and side.type == kind]
        if name in ("Add", "Sub") and products:
            self.count(node, "fma")  # libNVVM's default (-fma=1): the product's own instruction
        elif name in ("Div", "FloorDiv", "Mod") and scalars.is_float(kind):
            self.count(node, "special")
        elif name in ("Add", "Sub", "Mult") and scalars.is_float(kind):
            self._count_product(node, kind)
        else:
            self.operation(node, kind)

    def _count_product(self, node: ast.AST, kind: DType) -> None:
        """Count an instruction that is a floating-point operation, if `kind` is floating."""
        self.operation(node, kind)
        if scalars.is_float(kind):
            self.count(node, "flop")

    def power(self, node: ast.AST, kind: DType, base: Expr, exponent: Expr) -> Expr:
        """Compile ``base ** exponent``; a small whole exponent is multiplied out, as Numba does."""
        inner = base.to(kind).compute
        if type(exponent.const) is int and 0 <= exponent.const <= 16:
            times = exponent.const
            # By squaring: as many products as the binary form has digits and ones beyond the first.
            for _ in range(max(0, times.bit_length() + times.bit_count() - 2)):
                self._count_product(node, kind)
            is_product = times > 1 and scalars.is_float(kind)
            power = Expr(kind, lambda run: np.power(inner(run), times).astype(kind))
            return replace(power, is_product=is_product)
        self.count(node, "special" if scalars.is_float(kind) else "int")
        other = exponent.to(kind).compute
        if scalars.is_float(kind):
            return Expr(kind, lambda run: np.power(inner(run), other(run)))
        return Expr(kind, lambda run: _whole_power(inner(run), other(run)))

    def _compare(self, node: ast.Compare) -> Expr:
        """``a < b < c``: b is computed once, and c only in lanes that a < b did not decide."""
        parts: list[Compute] = []
        sites, outer = [], self.site
        left = self.scalar(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            if parts:
                sites.append(self.new_site())
            right, again = _kept(self.scalar(comparator))
            parts.append(self._pair(node, type(op).__name__, left, right))
            left = again
        self.site = outer
        if not sites:
            return Expr(BOOL, parts[0])
        return Expr(BOOL, lambda run: _in_turn(run, parts, sites, going_on=True))

    def _pair(self, node: ast.Compare, name: str, left: Expr, right: Expr) -> Compute:
        if name not in _COMPARE:
            raise self.no(node, f"the comparison {name}")
        assert isinstance(left.type, np.dtype) and isinstance(right.type, np.dtype)
        kind = _compared(left, right)
        if kind is not None:
            self.watch_width(node, kind, left, right)
        self.operation(node, kind or INT64)
        if kind is not None:
            left, right = left.to(kind), right.to(kind)
        one, other, function = left.compute, right.compute, _COMPARE[name]
        return lambda run: function(one(run), other(run))

    def _boolop(self, node: ast.BoolOp) -> Expr:
        """``a and b``: b runs only in lanes that a did not decide, as in a compiled kernel."""
        parts, sites, outer = [self.truth(node.values[0]).compute], [], self.site
        for value in node.values[1:]:
            sites.append(self.new_site())
            parts.append(self.truth(value).compute)
        self.site = outer
        going_on = isinstance(node.op, ast.And)
        return Expr(BOOL, lambda run: _in_turn(run, parts, sites, going_on))

    def _ifexp(self, node: ast.IfExp) -> Expr:
        test = self.truth(node.test).compute
        outer, yes_site = self.site, self.new_site()
        yes = self.scalar(node.body)
        no_site = self.new_site()
        no = self.scalar(node.orelse)
        self.site = outer
        assert isinstance(yes.type, np.dtype) and isinstance(no.type, np.dtype)
        kind = scalars.unify(yes.type, no.type)
        ways = ((yes_site, yes.to(kind).compute), (no_site, no.to(kind).compute))
        return Expr(kind, lambda run: _either(run, test(run), ways))


def _compared(left: Expr, right: Expr) -> DType | None:
    """Return the type in which two numbers are compared; None: as they are.

    Numba compares a float32 with a literal in float64. Where the literal is exact in float32, LLVM
    makes that a comparison of float32 (InstCombine, "fcmp (fpext x), C"), and so it is counted.
    """
    assert isinstance(left.type, np.dtype) and isinstance(right.type, np.dtype)
    narrow = scalars.FLOAT32
    for one, other in ((left, right), (right, left)):
        if one.type == narrow and other.const is not None and other.type in (INT64, FLOAT64):
            with np.errstate(all="ignore"):
                is_exact = float(narrow.type(other.const)) == other.const
            if is_exact:
                return narrow
    return scalars.compared(left.type, right.type)


def _kept(value: Expr) -> tuple[Expr, Expr]:
    """Return `value`, and what it was when it was last computed."""
    if value.const is not None:
        return value, value
    compute = value.compute
    held: list[Any] = [None]

    def keep(run: Run) -> Any:
        held[0] = compute(run)
        return held[0]

    return replace(value, compute=keep), replace(value, compute=lambda run: held[0])


def _in_turn(run: Run, parts: list[Compute], sites: list[Site], going_on: bool) -> Any:
    entry, result = run.mask, parts[0](run)
    for site, part in zip(sites, parts[1:], strict=True):
        run.mask = run.mask.both(result if going_on else ~result)
        if run.mask.is_empty:
            break
        run.ledger.visit(site.number, run.mask)
        further = part(run)
        result = result & further if going_on else result | further
    run.mask = entry
    return result


def _either(run: Run, test: Any, ways: tuple[tuple[Site, Compute], ...]) -> Any:
    entry, values = run.mask, []
    for (site, compute), chosen in zip(ways, (test, ~test), strict=True):
        run.mask = entry.both(chosen)
        if not run.mask.is_empty:
            run.ledger.visit(site.number, run.mask)
            values.append(compute(run))
    run.mask = entry
    return values[0] if len(values) == 1 else np.where(test, *values)


def _whole_power(base: Any, exponent: Any) -> Any:
    """Integer power; a negative exponent gives the whole part of the fraction."""
    positive = np.power(base, np.maximum(exponent, 0))
    if base.dtype.kind == "u" or not (exponent < 0).any():
        return positive
    unit = np.where(exponent % 2 == 0, base * base, base)
    return np.where(exponent < 0, np.where(np.abs(base) == 1, unit, 0), positive)

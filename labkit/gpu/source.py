"""A student's module as data: its functions and its constants; nothing of it is executed."""

import ast
import math
import operator
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.gpu.problems import SubsetError, Unwritten
from labkit.gpu.scalars import BY_NAME

_VALUES: dict[str, Any] = {
    **{f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")},
    **{f"numpy.{name}": getattr(np, name) for name in ("pi", "e", "inf", "nan")},
    **{f"{module}.{name}": kind for module in ("numba", "numpy") for name, kind in BY_NAME.items()},
}
ARITHMETIC: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_BIGGEST = 2**63  # of a constant


@dataclass(frozen=True)
class Dotted:
    """A name of numba, NumPy, math or labkit, in full."""

    name: str


@dataclass
class Module:
    """A module's text taken apart."""

    file: str
    lines: dict[int, str] = field(default_factory=dict)  # of its functions, by number
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)  # name -> Dotted or constant
    targets: dict[tuple[int, int], str] = field(default_factory=dict)  # place of a call -> its name
    has_fences: bool = False
    names_float64: set[str] = field(default_factory=set)  # functions; there it is meant

    def error(self, node: ast.AST, message: str) -> SubsetError:
        """Return the error that says `message` of `node`."""
        return SubsetError(self.file, getattr(node, "lineno", 1), message)

    def unwritten(self, node: ast.Raise) -> Unwritten | None:
        """Return what `node` raises if it marks a stub."""
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if not isinstance(raised, ast.Name) or raised.id != "NotImplementedError":
            return None
        said = node.exc.args if isinstance(node.exc, ast.Call) else []
        words = [str(one.value) for one in said if isinstance(one, ast.Constant)]
        return Unwritten(" ".join(words), node.lineno)

    def refuse_to_hide(self, node: ast.AST, name: str) -> None:
        """Raise SubsetError if `name` is a function's or an import's, and would be a value here."""
        if name in self.functions or isinstance(self.names.get(name), Dotted):
            raise self.error(node, f"{name} is a name of the file's; call the value otherwise")

    def is_kernel(self, name: str) -> bool:
        """Whether the function `name` has ``@cuda.jit`` on it, and is no device function."""
        return self.is_jitted(name) and not self._is_device(name)

    def is_jitted(self, name: str) -> bool:
        """Whether the function `name` runs on the device: it has ``@cuda.jit`` on it."""
        return any(self._is_jit(d) for d in self.functions[name].decorator_list)

    def _is_jit(self, node: ast.expr) -> bool:
        called = node.func if isinstance(node, ast.Call) else node
        found = self.dotted(called)
        return found is not None and found.name == "numba.cuda.jit"

    def _is_device(self, name: str) -> bool:
        return any(
            keyword.arg == "device"
            for node in self.functions[name].decorator_list
            if isinstance(node, ast.Call)
            for keyword in node.keywords
        )

    def dotted(self, node: ast.expr) -> Dotted | None:
        """Return what a name or attribute chain of imported modules says in full."""
        if isinstance(node, ast.Name):
            found = self.names.get(node.id)
            return found if isinstance(found, Dotted) else None
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return Dotted(f"{base.name}.{node.attr}") if base else None
        return None

    def reachable(self, name: str) -> list[str]:
        """Return `name` and the functions that it calls, those that are called first."""
        found: list[str] = []
        self._reach(name, found, [])
        return found

    def _reach(self, name: str, found: list[str], above: list[str]) -> None:
        for node in ast.walk(self.functions[name]):
            called = node.id if isinstance(node, ast.Name) else None
            if called in self.functions and called not in (*found, *above, name):
                self._reach(called, found, [*above, name])
        found.append(name)

    def listing(self, kernel: str, lines: Collection[int]) -> tuple[tuple[int, str], ...]:
        """Return the numbered lines of `kernel`, and of the functions that `lines` lie in."""
        ranges = {name: lines_of(node) for name, node in self.functions.items()}
        shown = [
            own
            for name, own in ranges.items()
            if name == kernel or any(line in own for line in lines)
        ]
        return tuple((n, self.lines[n]) for n in sorted(set().union(*shown)))

    def take_in(self, other: "Module") -> None:
        """Add the functions and names of `other`, which come from elsewhere in the same file.

        If they come from another one, such as another cell, they are numbered on after the last
        line of this one.
        """
        shift = max(self.lines, default=0) if other.file != self.file else 0
        for name, node in other.functions.items():
            if shift:
                ast.increment_lineno(node, shift)
            self.functions[name] = node
            look_through(self, node)
        self.lines |= {number + shift: text for number, text in other.lines.items()}
        self.names = other.names | self.names

    def constant(self, node: ast.expr) -> Any:
        """Return the value that the text alone gives `node`. Raises SubsetError."""
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            return node.value
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            return self._cast(node)
        if isinstance(node, ast.Tuple):
            return tuple(self.constant(item) for item in node.elts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._negated(node)
        if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            return self._folded(node)
        if (found := self.dotted(node)) is not None:
            return _VALUES.get(found.name, found)
        if isinstance(node, ast.Name) and node.id in self.names:
            return self.names[node.id]
        raise self.error(node, "not in the course subset: a constant must be made of numbers")

    def _negated(self, node: ast.UnaryOp) -> Any:
        value = self.constant(node.operand)
        if not isinstance(value, int | float | np.number):
            raise self.error(node, "not in the course subset: a constant must be made of numbers")
        return -value

    def _cast(self, node: ast.Call) -> Any:
        """Return a number of a type that the text names, such as ``float32(-1)``."""
        kind, value = self.constant(node.func), self.constant(node.args[0])
        if not isinstance(kind, np.dtype) or not isinstance(value, int | float | np.generic):
            raise self.error(node, "not in the course subset: a constant is no call of this")
        try:
            with np.errstate(all="ignore"):
                return np.asarray(value).astype(kind)[()]
        except (OverflowError, ValueError, TypeError):
            raise self.error(node, f"this is no {kind}") from None

    def _folded(self, node: ast.BinOp) -> Any:
        left, right = self.constant(node.left), self.constant(node.right)
        if not all(isinstance(side, int | float) for side in (left, right)):
            raise self.error(
                node, "not in the course subset: arithmetic of constants is of numbers"
            )
        try:
            value = ARITHMETIC[type(node.op)](left, right)
        except ArithmeticError as error:
            raise self.error(node, f"this constant cannot be computed: {error}") from None
        if isinstance(value, int) and abs(value) > _BIGGEST:
            raise self.error(node, "this constant does not fit in 64 bits")
        return value


def lines_of(node: ast.FunctionDef) -> range:
    """Return the numbers of the lines of a function, decorators and all."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def look_through(module: Module, function: ast.FunctionDef) -> None:
    """Note what messages need to know of arrays, and whether there are fences at all."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            module.targets[value.lineno, value.col_offset] = node.targets[0].id
        elif isinstance(node, ast.Attribute) and node.attr.startswith("threadfence"):
            module.has_fences = True
        if _word(node) in ("float64", "double", "float"):
            module.names_float64.add(function.name)


def _word(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")

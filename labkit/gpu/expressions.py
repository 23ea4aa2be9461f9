"""Compiles names, constants and elements of arrays in a kernel."""

import ast
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.arrays import poison
from labkit.gpu.counters import Site
from labkit.gpu.run import Partly, Run
from labkit.gpu.scalars import BOOL, FLOAT64, INT64
from labkit.gpu.source import Dotted, Module
from labkit.gpu.typed import ArrayType, Compute, Expr, TupleType, Type, literal, written_out

MAX_DEPTH = 100  # of expressions in each other
MAX_NODES = 20_000  # compiled for one kernel, device functions at every call


class Expressions:
    """Compiles the expressions of one kernel for the types of its arguments."""

    def __init__(self, module: Module) -> None:
        """Compile functions of `module`."""
        self.module = module
        self.sites: list[Site] = []
        self.types: dict[str, Type] = {}  # of names, at this point of the text
        self.slots: dict[str, int] = {}
        self.slot_count = 0
        self.allocations: dict[Any, int] = {}  # numbers by place in the text
        self.nodes = self.depth = 0
        self.wide: dict[int, str] = {}  # line -> why it computes in float64
        self.site = self.new_site()

    def new_site(self) -> Site:
        """Begin a stretch of straight-line code."""
        self.site = Site(len(self.sites))
        self.sites.append(self.site)
        return self.site

    def count(self, node: ast.AST, kind: str) -> None:
        """The site executes an instruction of `kind`."""
        self.site.operations[getattr(node, "lineno", 0), kind] += 1

    def no(self, node: ast.AST, what: str, use: str = "") -> Exception:
        """Return the error that `what` is outside the subset."""
        return self.module.error(
            node, f"not in the course subset: {what}" + (f", use {use}" if use else "")
        )

    def expr(self, node: ast.expr) -> Expr:
        """Compile `node`. Raises SubsetError."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.module.error(node, "the kernel is too long: its functions are expanded")
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.no(node, type(node).__name__.lower())
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.module.error(node, "nested too deeply; name the parts")
        found: Expr = method(node)
        self.depth -= 1
        return found

    def scalar(self, node: ast.expr) -> Expr:
        """Compile `node`, which must be a number."""
        found = self.expr(node)
        if not isinstance(found.type, np.dtype):
            raise self.module.error(node, f"a number is needed here, not {ast.unparse(node)}")
        return found

    def truth(self, node: ast.expr) -> Expr:
        """Compile `node` as a condition."""
        found = self.scalar(node)
        if found.type == BOOL:
            return found
        compute = found.compute
        return Expr(BOOL, lambda run: compute(run) != 0)

    def _constant(self, node: ast.Constant) -> Expr:
        value = node.value
        if isinstance(value, bool):
            return literal(value, BOOL)
        if isinstance(value, int) and -(2**63) <= value < 2**63:
            return literal(value, INT64)
        if isinstance(value, float):
            return literal(value, FLOAT64)
        raise self.no(node, f"the constant {value!r}"[:60])

    def _name(self, node: ast.Name) -> Expr:
        if node.id in self.types:
            slot = self.slots[node.id]
            return Expr(self.types[node.id], _bound(node, slot, self.types[node.id]))
        if node.id in self.module.names:
            return self._known(node, self.module.names[node.id])
        raise self.module.error(node, f"{node.id} has no value here")

    def _known(self, node: ast.AST, value: Any) -> Expr:
        if isinstance(value, tuple):
            return written_out(tuple(self._known(node, item) for item in value))
        if isinstance(value, np.generic):
            return literal(value.item(), value.dtype)
        if isinstance(value, bool | int | float):
            return self._constant(ast.copy_location(ast.Constant(value), node))
        raise self.module.error(node, f"a number is needed here, not {ast.unparse(node)}")

    def _attribute(self, node: ast.Attribute) -> Expr:
        if (found := self.module.dotted(node)) is not None:
            return self.intrinsic_value(node, found)
        array = self.expr(node.value)
        if not isinstance(array.type, ArrayType):
            raise self.no(node, f".{node.attr}")
        return self._of_array(node, array, array.type)

    def _of_array(self, node: ast.Attribute, array: Expr, kind: ArrayType) -> Expr:
        view = array.compute
        if node.attr == "shape":
            return written_out(tuple(self._size(view, axis) for axis in range(kind.ndim)))
        if node.attr == "size":
            return Expr(INT64, lambda run: np.int64(int(np.prod(view(run).shape))))
        if node.attr == "ndim":
            return literal(kind.ndim, INT64)
        raise self.no(node, f".{node.attr} of an array", ".shape, .size or .ndim")

    def _size(self, view: Compute, axis: int) -> Expr:
        return Expr(INT64, lambda run: np.int64(view(run).shape[axis]))

    def _tuple(self, node: ast.Tuple) -> Expr:
        return written_out(tuple(self.expr(item) for item in node.elts))

    def _subscript(self, node: ast.Subscript) -> Expr:
        base = self.expr(node.value)
        if isinstance(base.type, TupleType):
            return self._item(node, base)
        index, kind = self.index(node, base)
        line, view = node.lineno, base.compute
        self.count(node, "memory")
        return Expr(kind.dtype, lambda run: view(run).load(run, tuple(i(run) for i in index), line))

    def _item(self, node: ast.Subscript, base: Expr) -> Expr:
        at = self.scalar(node.slice).const
        assert isinstance(base.type, TupleType)
        if type(at) is not int or not -len(base.type.items) <= at < len(base.type.items):
            raise self.module.error(node, "the index of a tuple must be a constant inside it")
        if base.items:
            return base.items[at]
        compute = base.compute
        return Expr(base.type.items[at], lambda run: compute(run)[at])

    def index(self, node: ast.Subscript, base: Expr) -> tuple[list[Compute], ArrayType]:
        """Compile the indices of ``array[…]``: one integer per dimension."""
        if not isinstance(base.type, ArrayType):
            raise self.module.error(node, f"{ast.unparse(node.value)} is no array")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(part, ast.Slice) for part in parts):
            raise self.no(node, "a slice", "an index for each element")
        values = [item for part in parts for item in self._flat(part)]
        if len(values) != base.type.ndim:
            raise self.module.error(
                node, f"{len(values)} indices for an array of {base.type.ndim} dimensions"
            )
        for value in values:
            if not isinstance(value.type, np.dtype) or not scalars.is_integer(value.type):
                raise self.module.error(node, f"an index must be an integer, not {value.type}")
        wide = [value.to(INT64).compute for value in values]
        return wide, base.type

    def _flat(self, node: ast.expr) -> tuple[Expr, ...]:
        found = self.expr(node)
        return found.items if found.items else (found,)

    def _call(self, node: ast.Call) -> Expr:
        raise NotImplementedError

    def intrinsic_value(self, node: ast.Attribute, found: Dotted) -> Expr:
        """Compile an attribute of an imported module, such as ``cuda.threadIdx.x``."""
        raise NotImplementedError


def _bound(node: ast.Name, slot: int, kind: Type) -> Compute:
    """Return what reads a name; in a lane that has not bound it, it is what memory held."""

    def read(run: Run) -> Any:
        value = run.frame[slot]
        if isinstance(value, Partly):
            strays = run.mask.without(value.lanes)
            if not strays.is_empty:
                text = f"{node.id} has no value yet: only some threads have given it one"
                run.report("uninitialized_read", node.lineno, text, strays)
            return value.value
        if value is not None or not isinstance(kind, np.dtype):
            return value
        text = f"{node.id} has no value yet in any thread"
        run.report("uninitialized_read", node.lineno, text, run.mask)
        return poison(kind)

    return read

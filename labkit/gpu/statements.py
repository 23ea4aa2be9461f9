"""Compiles statements of a kernel: each becomes a step that moves a batch of lanes on."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.intrinsics import Intrinsics
from labkit.gpu.lanes import Mask
from labkit.gpu.run import Run
from labkit.gpu.turning import Step, pick
from labkit.gpu.typed import ArrayType, Compute, Expr, TupleType, Type

_MAX_LEVEL = 60  # of blocks in each other, device functions among them


@dataclass
class Expansion:
    """A device function that is being expanded."""

    number: int
    place: tuple[int, int]  # line and column of the call
    signature: tuple[Any, ...]  # its name, and the types of its arguments
    returned: list[Type] = field(default_factory=list)


class Statements(Intrinsics):
    """Compiles the statements of one kernel."""

    def __init__(self, *arguments: Any) -> None:
        """See Expressions."""
        super().__init__(*arguments)
        self.loops: list[Any] = []  # that are being compiled, see flow.py
        self.calls: list[Expansion] = []
        self._numbers = self.level = 0

    def block(self, body: list[ast.stmt]) -> Step:
        """Compile statements in turn; they stop where no lane is left."""
        self.level += 1
        if self.level > _MAX_LEVEL:
            raise self.module.error(body[0], "blocks are nested too deeply")
        steps: list[Step] = [self._visit(self.new_site().number)]
        for node in body:
            steps.append(self.statement(node))
            if isinstance(node, ast.If | ast.For | ast.While):
                steps.append(self._visit(self.new_site().number))
            elif isinstance(node, ast.Return | ast.Break | ast.Continue):
                self.new_site()  # what follows is checked, but no lane ever comes to it
        self.level -= 1

        def run_all(run: Run) -> None:
            for step in steps:
                step(run)
                if run.mask.is_empty:
                    return

        return run_all

    def _visit(self, site: int) -> Step:
        return lambda run: run.ledger.visit(site, run.mask)

    def statement(self, node: ast.stmt) -> Step:
        """Compile one statement. Raises SubsetError."""
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.no(node, type(node).__name__.lower())
        step: Step = method(node)
        return step

    def _do_pass(self, node: ast.Pass) -> Step:
        return lambda run: None

    def _do_raise(self, node: ast.Raise) -> Step:
        """A stub: whoever compiles it learns that nothing is written yet."""
        raise self.module.unwritten(node) or self.no(node, "raise")

    def _do_expr(self, node: ast.Expr) -> Step:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return lambda run: None
        if not isinstance(node.value, ast.Call):
            raise self.no(node, "an expression whose value is not used")
        compute = self.expr(node.value).compute

        def discard(run: Run) -> None:
            compute(run)

        return discard

    def _do_assign(self, node: ast.Assign) -> Step:
        if len(node.targets) != 1:
            raise self.no(node, "a = b = …", "one target")
        return self._bind(node.targets[0], self.expr(node.value))

    def _do_annassign(self, node: ast.AnnAssign) -> Step:
        if node.value is None:
            raise self.no(node, "a declaration without a value")
        return self._bind(node.target, self.expr(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> Step:
        target = node.target
        if isinstance(target, ast.Name):
            old = self.scalar(ast.copy_location(ast.Name(target.id, ast.Load()), target))
            return self._bind_name(target, self._changed(node, old))
        if isinstance(target, ast.Subscript):
            return self._change_element(node, target)
        raise self.no(node, f"assignment to {ast.unparse(target)}")

    def _changed(self, node: ast.AugAssign, old: Expr) -> Expr:
        return self.binary(node, node.op, old, self.scalar(node.value))

    def _change_element(self, node: ast.AugAssign, target: ast.Subscript) -> Step:
        base = self.expr(target.value)
        index, kind = self.index(target, base)
        view, line = base.compute, target.lineno
        held: list[Any] = [None]  # the index: computed once, for the load and the store

        def load(run: Run) -> Any:
            held[0] = tuple(part(run) for part in index)
            return view(run).load(run, held[0], line)

        self.count(target, "memory")
        compute = self._changed(node, Expr(kind.dtype, load)).to(kind.dtype).compute
        self.count(target, "memory")

        def change(run: Run) -> None:
            value = compute(run)
            view(run).store(run, held[0], value, line)

        return change

    def _bind(self, target: ast.expr, value: Expr) -> Step:
        if isinstance(target, ast.Name):
            return self._bind_name(target, value)
        if isinstance(target, ast.Tuple):
            return self._unpack(target, value)
        if isinstance(target, ast.Subscript):
            return self._bind_element(target, value)
        raise self.no(target, f"assignment to {ast.unparse(target)}")

    def _bind_name(self, target: ast.Name, value: Expr) -> Step:
        if value.type is None:
            raise self.module.error(target, f"{target.id} would have no value")
        self.module.refuse_to_hide(target, target.id)
        slot = self._slot(target.id)
        self.types[target.id] = value.type
        compute = value.compute

        def bind(run: Run) -> None:
            run.frame[slot] = compute(run)

        return bind

    def _slot(self, name: str) -> int:
        if name not in self.slots:
            self.slots[name] = self.slot_count
            self.slot_count += 1
        return self.slots[name]

    def _unpack(self, target: ast.Tuple, value: Expr) -> Step:
        if not isinstance(value.type, TupleType) or len(value.type.items) != len(target.elts):
            raise self.module.error(target, f"{len(target.elts)} values are needed here")
        parts: list[Any] = [None] * len(target.elts)
        compute = value.compute
        held: list[Any] = [None]

        def item(at: int) -> Compute:
            return lambda run: held[0][at]

        for at, one in enumerate(target.elts):
            parts[at] = self._bind(one, Expr(value.type.items[at], item(at)))

        def unpack(run: Run) -> None:
            held[0] = compute(run)
            for part in parts:
                part(run)

        return unpack

    def _bind_element(self, target: ast.Subscript, value: Expr) -> Step:
        base = self.expr(target.value)
        index, kind = self.index(target, base)
        if not isinstance(value.type, np.dtype):
            raise self.module.error(target, "an element of an array is a number")
        self.count(target, "memory")
        compute, view, line = value.to(kind.dtype).compute, base.compute, target.lineno

        def store(run: Run) -> None:
            value = compute(run)  # before the index, as Python does
            view(run).store(run, tuple(i(run) for i in index), value, line)

        return store

    def _do_return(self, node: ast.Return) -> Step:
        if not self.calls:
            if node.value is not None:
                raise self.module.error(node, "a kernel returns nothing; write into an array")

            def end(run: Run) -> None:
                run.exited = run.exited.either(run.mask)
                run.mask = Mask(run.shape, np.False_)

            return end
        call = self.calls[-1]
        value = self.expr(node.value) if node.value is not None else None
        kind = value.type if value is not None else None
        for earlier in call.returned:
            kind = self.common(node, "the result", earlier, kind)
        call.returned.append(kind)

        def give(run: Run) -> None:
            if value is not None:
                old = run.cells.get(call.number)
                new = value.compute(run)
                run.cells[call.number] = (
                    new
                    if old is None
                    else pick(run.mask.array, new, old, call.returned[-1], self.parting(node))
                )
            run.mask = Mask(run.shape, np.False_)

        return give

    def parting(self, node: ast.AST) -> Callable[[], Exception]:
        """Return what makes the error that lanes would have different arrays of one name."""
        return lambda: self.no(
            node, "a name that is one array in some threads, another in others", "an index"
        )

    def common(self, node: ast.AST, name: str, one: Type, other: Type) -> Type:
        """Return the type that `name` has where paths meet on which it is `one` and `other`."""
        if one is None or other is None or one == other:
            return other if one is None else one
        if isinstance(one, np.dtype) and isinstance(other, np.dtype):
            return scalars.unify(one, other)
        raise self.module.error(
            node, f"{name} would be {_word(one)} on one path, {_word(other)} on another"
        )


def _word(kind: Type) -> str:
    return "an array" if isinstance(kind, ArrayType) else str(kind)

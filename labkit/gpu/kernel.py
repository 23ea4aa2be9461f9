"""A kernel compiled for the types of its arguments."""

import ast
from typing import Any

import numpy as np

from labkit.gpu import scalars
from labkit.gpu.flow import Flow
from labkit.gpu.run import Run
from labkit.gpu.scalars import DType
from labkit.gpu.source import Module
from labkit.gpu.statements import Expansion
from labkit.gpu.turning import Step
from labkit.gpu.typed import ArrayType, Expr, Type

_MAX_DEPTH = 8  # of device functions in each other


class Kernel(Flow):
    """`run` moves a batch through the kernel; frames need `slot_count` places."""

    def __init__(self, module: Module, name: str, arguments: list[Type]) -> None:
        """Compile the kernel `name` of `module`. Raises SubsetError."""
        super().__init__(module)
        node = module.functions[name]
        self.targets = module.targets
        self.shared_bytes = self.local_bytes = 0
        self.expanded: list[str] = []  # device functions that are called
        self._shared: dict[int, int] = {}
        self._local: dict[int, int] = {}
        self.names = _parameters(module, node)
        if len(self.names) != len(arguments):
            raise module.error(
                node, f"{name} takes {len(self.names)} arguments, not {len(arguments)}"
            )
        for parameter, kind in zip(self.names, arguments, strict=True):
            self.types[parameter] = kind
            self._slot(parameter)
        self.array_names = [
            name
            for name, kind in zip(self.names, arguments, strict=True)
            if isinstance(kind, ArrayType)
        ]
        self.run: Step = self.block(node.body)
        self.shared_bytes = sum(self._shared.values())
        self.local_bytes = sum(self._local.values())
        self.writes = _written(module, node)
        self.fences = module.has_fences

    def allocate(self, space: str, number: int, kind: DType, shape: tuple[int, ...]) -> None:
        """See Intrinsics; a loop is compiled several times, but keeps its allocations' numbers."""
        size = kind.itemsize * int(np.prod(shape, dtype=object))
        (self._shared if space == "shared" else self._local)[number] = size

    def expand(self, node: ast.Call, name: str) -> Expr:
        """See Intrinsics: the function's text is compiled in place, with names of its own."""
        self._plain(node)
        function = self.module.functions[name]
        if name not in self.expanded:
            self.expanded.append(name)
        if len(self.calls) >= _MAX_DEPTH:
            raise self.no(node, f"a call of {name} so deep in others (recursion?)", "a loop")
        if not self.module.is_jitted(name):
            raise self.module.error(node, f"{name} needs @cuda.jit(device=True) on it")
        values = [self.expr(argument) for argument in node.args]
        parameters = _parameters(self.module, function)
        if len(values) != len(parameters):
            raise self.module.error(node, f"{name} takes {len(parameters)} arguments")
        outer, site = (self.types, self.slots, self.loops), self.site
        self.types, self.slots, self.loops = {}, {}, []
        binds = [
            self._bind_name(ast.copy_location(ast.Name(parameter), node), value)
            for parameter, value in zip(parameters, values, strict=True)
        ]
        self._numbers += 1
        signature = (name, *(value.type for value in values))
        call = Expansion(self._numbers, (node.lineno, node.col_offset), signature)
        self.calls.append(call)
        body = self.block(function.body)
        self.calls.pop()
        self.types, self.slots, self.loops = outer
        self.site = site
        kind = call.returned[-1] if call.returned else None
        if kind is not None and not _always_returns(function.body):
            raise self.module.error(function, f"{name} returns a value on some paths only")
        return Expr(kind, _calling(binds, body, call.number, kind))


def _calling(binds: list[Step], body: Step, number: int, kind: Type) -> Any:
    def call(run: Run) -> Any:
        entry = run.mask
        for bind in binds:
            bind(run)
        run.cells.pop(number, None)
        body(run)
        run.mask = entry
        value = run.cells.pop(number, None)
        return (
            scalars.cast(value, kind) if isinstance(kind, np.dtype) and value is not None else value
        )

    return call


def _always_returns(body: list[ast.stmt]) -> bool:
    """Whether no path through `body` comes out at its end."""
    last = body[-1]
    if isinstance(last, ast.If):
        return _always_returns(last.body) and bool(last.orelse) and _always_returns(last.orelse)
    if isinstance(last, ast.While):
        is_endless = isinstance(last.test, ast.Constant) and bool(last.test.value)
        return is_endless and not any(isinstance(node, ast.Break) for node in ast.walk(last))
    return isinstance(last, ast.Return)


def _parameters(module: Module, node: ast.FunctionDef) -> list[str]:
    given = node.args
    if given.vararg or given.kwarg or given.kwonlyargs or given.defaults or given.posonlyargs:
        raise module.error(node, "not in the course subset: defaults and starred parameters")
    names = [argument.arg for argument in given.args]
    for name in names:
        module.refuse_to_hide(node, name)
    return names


def _written(module: Module, kernel: ast.FunctionDef) -> set[str] | None:
    """Return the kernel's parameters that it may write; None: perhaps any of them."""
    names: set[str] = set()
    for node in ast.walk(kernel):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if not isinstance(node.value, ast.Name):
                return None
            names.add(node.value.id)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in module.functions:
                return None  # a device function may write what it is handed
            called = module.dotted(node.func)
            if called and called.name.startswith("numba.cuda.atomic"):
                if not node.args or not isinstance(node.args[0], ast.Name):
                    return None
                names.add(node.args[0].id)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
            node.value, ast.Name | ast.Tuple | ast.IfExp
        ):
            return None  # an array may go under another name
    return names

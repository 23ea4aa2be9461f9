"""Interprets the small host functions of a student's module: numbers, tuples, lists and maps."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from labkit.gpu.problems import SubsetError
from labkit.gpu.source import ARITHMETIC, Dotted, Module

_MAX_STEPS = 200_000
_MAX_BITS = 256  # of an integer
_MAX_ITEMS = 100_000  # of a list
_MAX_DEPTH = 32  # of calls
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    **ARITHMETIC,
    ast.Pow: lambda base, exponent: _power(base, exponent),
    ast.LShift: lambda value, by: _shifted(value, by),
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_BUILTINS: dict[str, Callable[..., Any]] = {
    **{"min": min, "max": max, "abs": abs, "len": len, "int": int, "float": float, "bool": bool},
    **{"sum": sum, "round": round, "range": range, "tuple": tuple, "list": list},
}
_MATH = ("ceil", "floor", "sqrt", "log", "log2", "exp", "gcd", "prod", "isqrt")


class _Returned(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


def interpret(
    module: Module, name: str, arguments: list[Any], known: Mapping[str, Callable[..., Any]]
) -> Any:
    """Return what the function `name` of `module` returns for `arguments`.

    `known` are functions of ours that it may call besides Python's arithmetic.

    Raises:
        SubsetError: there is no such function, or it does what host code of the course may not, or
            takes more than 200 000 steps.
    """
    if name not in module.functions:
        raise SubsetError(module.file, 1, f"there is no function {name}")
    try:
        return _Interpreter(module, known).call(module.functions[name], arguments)
    except RecursionError:
        raise SubsetError(module.file, 1, f"{name} is nested too deeply") from None


class _Interpreter:
    def __init__(self, module: Module, known: Mapping[str, Callable[..., Any]]) -> None:
        self.module, self.known = module, known
        self.steps = self.depth = 0
        self.names: dict[str, Any] = {}

    def call(self, node: ast.FunctionDef, arguments: list[Any]) -> Any:
        parameters = [argument.arg for argument in node.args.args]
        if len(parameters) != len(arguments) or self.depth >= _MAX_DEPTH:
            raise self.module.error(node, f"{node.name} cannot be called like this")
        outer, self.names = self.names, dict(zip(parameters, arguments, strict=True))
        self.depth += 1
        try:
            self.block(node.body)
        except _Returned as returned:
            return returned.value
        finally:
            self.names, self.depth = outer, self.depth - 1
        return None

    def block(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement(node)

    def step(self, node: ast.AST) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise self.module.error(node, f"takes more than {_MAX_STEPS} steps")

    def statement(self, node: ast.stmt) -> None:
        self.step(node)
        try:
            self.execute(node)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise self.module.error(node, f"{type(error).__name__}: {error}") from None

    def execute(self, node: ast.stmt) -> None:
        match node:
            case ast.Return():
                raise _Returned(self.value(node.value) if node.value else None)
            case ast.Assign(targets=[target]):
                self.bind(target, self.value(node.value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.value(value))
            case ast.AugAssign(target=ast.Name(id=name)):
                old = self.value(ast.copy_location(ast.Name(name, ast.Load()), node))
                self.names[name] = self.binary(node, node.op, old, self.value(node.value))
            case ast.If():
                self.block(node.body if self.value(node.test) else node.orelse)
            case ast.While(orelse=[]):
                while self.value(node.test):
                    self.step(node)
                    self.block(node.body)
            case ast.For(orelse=[]):
                for item in self.value(node.iter):
                    self.step(node)
                    self.bind(node.target, item)
                    self.block(node.body)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append")) as called):
                self.append(called)
            case ast.Raise():
                raise self.module.unwritten(node) or self.no(node)
            case _:
                raise self.no(node)

    def append(self, node: ast.Call) -> None:
        assert isinstance(node.func, ast.Attribute)
        items = self.value(node.func.value)
        if not isinstance(items, list) or len(node.args) != 1 or len(items) >= _MAX_ITEMS:
            raise self.no(node)
        items.append(self.value(node.args[0]))

    def bind(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple):
            for one, item in zip(target.elts, value, strict=True):
                self.bind(one, item)
        else:
            raise self.no(target)

    def no(self, node: ast.AST) -> SubsetError:
        text = ast.unparse(node).partition("\n")[0][:60]
        return self.module.error(node, f"not in the course subset of host code: {text}")

    def value(self, node: ast.expr) -> Any:
        self.step(node)
        try:
            return self.bounded(node, self.evaluate(node))
        except (ArithmeticError, TypeError, ValueError, LookupError) as error:
            raise self.module.error(node, f"{type(error).__name__}: {error}") from None

    def bounded(self, node: ast.expr, value: Any) -> Any:
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            raise self.module.error(node, "this number is too large")
        if isinstance(value, list | tuple | str | range) and len(value) > _MAX_ITEMS:
            raise self.module.error(node, "this is too long")
        return value

    def evaluate(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name) if name in self.module.functions:
                return name  # a kernel, to be launched
            case ast.Name() | ast.Attribute():
                return self.module.constant(node)
            case ast.BinOp():
                left, right = self.value(node.left), self.value(node.right)
                return self.binary(node, node.op, left, right)
            case ast.UnaryOp():
                return _UNARY[type(node.op)](self.value(node.operand))
            case ast.Compare():
                return self.compare(node)
            case ast.BoolOp(op=op, values=values):
                return self.either(isinstance(op, ast.Or), values)
            case ast.IfExp():
                return self.value(node.body if self.value(node.test) else node.orelse)
            case ast.Tuple(elts=items):
                return tuple(self.value(item) for item in items)
            case ast.List(elts=items):
                return [value for item in items for value in self.spread(item)]
            case ast.ListComp(generators=[ast.comprehension(is_async=0) as loop]):
                return self.each(node, loop)
            case ast.Dict():
                keys = [self.value(key) for key in node.keys if key is not None]
                return dict(zip(keys, map(self.value, node.values), strict=True))
            case ast.Subscript(slice=index) if not isinstance(index, ast.Slice):
                return self.value(node.value)[self.value(index)]
            case ast.Call():
                return self.called(node)
        raise self.no(node)

    def spread(self, node: ast.expr) -> list[Any]:
        """Return the items that one item of a written list stands for."""
        if not isinstance(node, ast.Starred):
            return [self.value(node)]
        items = self.value(node.value)
        if not isinstance(items, list | tuple | range):
            raise self.no(node)
        return list(items)

    def each(self, node: ast.ListComp, loop: ast.comprehension) -> list[Any]:
        """Return the items of ``[… for … in … if …]``, whose names do not outlive it."""
        outer, self.names = self.names, dict(self.names)
        found = []
        for item in self.value(loop.iter):
            self.step(node)
            self.bind(loop.target, item)
            if all(self.value(test) for test in loop.ifs):
                found.append(self.value(node.elt))
        self.names = outer
        return found

    def binary(self, node: ast.AST, op: ast.operator, left: Any, right: Any) -> Any:
        if type(op) not in _BINARY:
            raise self.no(node)
        if isinstance(op, ast.Mult) and not all(isinstance(s, int | float) for s in (left, right)):
            raise self.no(node)
        return _BINARY[type(op)](left, right)

    def compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for op, side in zip(node.ops, node.comparators, strict=True):
            if type(op) not in _COMPARE:
                raise self.no(node)
            right = self.value(side)
            if not _COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def either(self, wanted: bool, values: list[ast.expr]) -> Any:
        value: Any = None
        for one in values:
            value = self.value(one)
            if bool(value) is wanted:
                break
        return value

    def called(self, node: ast.Call) -> Any:
        arguments = [self.value(argument) for argument in node.args]
        named = {k.arg: self.value(k.value) for k in node.keywords if k.arg is not None}
        if len(named) < len(node.keywords):
            raise self.no(node)
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in self.module.functions and not named:
                return self.call(self.module.functions[name], arguments)
            imported = self.module.names.get(name)
            if isinstance(imported, Dotted):
                name = imported.name.rpartition(".")[2]
            if name in self.known:
                return self.known[name](*arguments, **named)
            if name in _BUILTINS and not named:
                return _BUILTINS[name](*arguments)
        found = self.module.dotted(node.func)
        if found is not None:
            module, _, name = found.name.rpartition(".")
            if module == "math" and name in _MATH and not named:
                return getattr(math, name)(*arguments)
            if module == "labkit.gpu" and name in self.known:
                return self.known[name](*arguments, **named)
        raise self.no(node)


def _shifted(value: int, by: int) -> int:
    if by > _MAX_BITS:
        raise OverflowError("this shift is too far")
    return value << by


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and exponent > _MAX_BITS:
        raise OverflowError("this power is too large")
    return base**exponent

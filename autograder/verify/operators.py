"""Mutation operators: small changes of a program that a test should notice.

Source: DeMillo, Lipton, Sayward, "Hints on Test Data Selection", Computer 11(4), 1978; the set is
that of common tools, less what mostly makes equivalent programs.
"""

import ast
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from autograder.verify.source import Place, Source, called, guards


class Edit(NamedTuple):
    """Put `text` where `place` is."""

    place: Place
    text: bytes


Operator = Callable[[Source, ast.AST], Iterator[Edit]]

_COMPARED = {
    ast.Lt: (rb"<", b"<="),
    ast.LtE: (rb"<=", b"<"),
    ast.Gt: (rb">", b">="),
    ast.GtE: (rb">=", b">"),
    ast.Eq: (rb"==", b"!="),
    ast.NotEq: (rb"!=", b"=="),
    ast.Is: (rb"\bis\b", b"is not"),
    ast.IsNot: (rb"\bis\s+not\b", b"is"),
    ast.In: (rb"\bin\b", b"not in"),
    ast.NotIn: (rb"\bnot\s+in\b", b"in"),
}
_ARITHMETIC = {
    ast.Add: (rb"\+", b"-"),
    ast.Sub: (rb"-", b"+"),
    ast.Mult: (rb"\*", b"/"),
    ast.Div: (rb"/", b"*"),
    ast.FloorDiv: (rb"//", b"/"),
    ast.Mod: (rb"%", b"//"),
    ast.Pow: (rb"\*\*", b"*"),
    ast.MatMult: (rb"@", b"*"),
    ast.BitAnd: (rb"&", b"|"),
    ast.BitOr: (rb"\|", b"&"),
    ast.BitXor: (rb"\^", b"&"),
    ast.LShift: (rb"<<", b">>"),
    ast.RShift: (rb">>", b"<<"),
}
_ORDERED = (
    *(ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.LShift, ast.RShift),
)
_DELETED = (
    *(
        ast.Expr,
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
        ast.Return,
        ast.Raise,
        ast.Assert,
        ast.Delete,
    ),
    *(ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Continue, ast.Break),
)
# Functions whose first two arguments may change places.
_SYMMETRIC = frozenset({"maximum", "minimum", "array_equal", "broadcast_shapes", "isclose"})
_LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.Await)
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SIMPLE_FLIP = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)


def delete_statement(source: Source, node: ast.AST) -> Iterator[Edit]:
    """A statement becomes `pass`."""
    bare = isinstance(node, ast.AnnAssign) and node.value is None
    if isinstance(node, _DELETED) and not bare:
        yield Edit(source.place(node), b"pass")


def flip_comparison(source: Source, node: ast.AST) -> Iterator[Edit]:
    """``<`` becomes ``<=``, ``==`` becomes ``!=``, ``is`` becomes ``is not``, ``in`` ``not in``."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
            yield from _replaced(source, left, right, *_COMPARED[type(operator)])


def swap_arguments(source: Source, node: ast.AST) -> Iterator[Edit]:
    """The first two positional arguments of a call change places."""
    if isinstance(node, ast.Call) and len(node.args) > 1 and called(node) not in _SYMMETRIC:
        first, second = node.args[:2]
        if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
            yield _swapped(source, first, second)


def swap_operands(source: Source, node: ast.AST) -> Iterator[Edit]:
    """The operands of an operator that is not commutative change places."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _ORDERED):
        yield _swapped(source, node.left, node.right)


def replace_arithmetic(source: Source, node: ast.AST) -> Iterator[Edit]:
    """``+`` becomes ``-``, ``*`` becomes ``/``, and so on."""
    if isinstance(node, ast.BinOp):
        yield from _replaced(source, node.left, node.right, *_ARITHMETIC[type(node.op)])
    if isinstance(node, ast.AugAssign):
        yield from _replaced(source, node.target, node.value, *_ARITHMETIC[type(node.op)])


def shift_constant(source: Source, node: ast.AST) -> Iterator[Edit]:
    """A number moves by one, or a float doubles; 0 and 1, True and False change places."""
    if isinstance(node, ast.Constant):
        for value in _shifted(node.value):
            yield Edit(source.place(node), repr(value).encode())


def negate_condition(source: Source, node: ast.AST) -> Iterator[Edit]:
    """A condition becomes its contrary, where no other operator says the same."""
    tests = [t for part in node.generators for t in part.ifs] if isinstance(node, _LOOPS) else []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests.append(node.test)
    for test in tests:
        if not _negated_elsewhere(test):
            place = source.place(test)
            yield Edit(place, b"(not (" + source.text(place) + b"))")


def drop_keyword(source: Source, node: ast.AST) -> Iterator[Edit]:
    """A keyword argument is left out."""
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        if keyword.arg is not None and not guards(keyword, node):
            yield _dropped(source, node, source.place(keyword))


def flip_connective(source: Source, node: ast.AST) -> Iterator[Edit]:
    """``and`` becomes ``or``, and the other way round."""
    if isinstance(node, ast.BoolOp):
        was, other = (rb"\band\b", b"or") if isinstance(node.op, ast.And) else (rb"\bor\b", b"and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from _replaced(source, left, right, was, other)


def drop_sign(source: Source, node: ast.AST) -> Iterator[Edit]:
    """A minus, ``not`` or ``~`` is left out."""
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        start = source.place(node).start
        size = 3 if isinstance(node.op, ast.Not) else 1
        yield Edit(Place(start, start + size), b"")


OPERATORS: dict[str, Operator] = {
    operator.__name__.replace("_", " "): operator
    for operator in (
        *(delete_statement, flip_comparison, swap_arguments, swap_operands, replace_arithmetic),
        *(shift_constant, negate_condition, drop_keyword, flip_connective, drop_sign),
    )
}


def _negated_elsewhere(test: ast.expr) -> bool:
    """Whether flipping a comparison, or dropping `not`, gives the contrary of `test` already."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1 and isinstance(test.ops[0], _SIMPLE_FLIP)
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def _replaced(
    source: Source, left: ast.expr, right: ast.expr, was: bytes, other: bytes
) -> Iterator[Edit]:
    """Replace the operator, which stands between two operands and their parentheses."""
    start, end = source.place(left).end, source.place(right).start
    if found := re.compile(was).search(source.data, start, end):
        yield Edit(Place(*found.span()), other)


def _swapped(source: Source, first: ast.expr, second: ast.expr) -> Edit:
    one, two = source.place(first), source.place(second)
    between = source.data[one.end : two.start]
    return Edit(
        Place(one.start, two.end), _closed(source, second) + between + _closed(source, first)
    )


def _closed(source: Source, node: ast.expr) -> bytes:
    text = source.text(source.place(node))
    return b"(" + text + b")" if isinstance(node, _LOOSE) else text


def _shifted(value: object) -> Sequence[float]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float) and math.isfinite(value):
        return {0.0: [1.0], 1.0: [0.0, 2.0]}.get(value, [2 * value])
    return []


def _dropped(source: Source, call: ast.Call, keyword: Place) -> Edit:
    """Take out a keyword with the comma before it, or after it if it is the first argument."""
    others = [*map(source.place, call.args), *map(source.place, call.keywords)]
    before = max((place.end for place in others if place.end <= keyword.start), default=None)
    if before is not None:
        return Edit(Place(source.data.rindex(b",", before, keyword.start), keyword.end), b"")
    after = re.compile(rb"\s*(,\s*)?").match(source.data, keyword.end)
    assert after is not None  # it matches nothing at all, too
    return Edit(Place(keyword.start, after.end()), b"")

"""A solution's file as its author wrote it: regions, functions, and places as offsets of bytes."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course.regions import find_regions
from autograder.course.tree import decode

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Place:
    """Some bytes of a file: from `start` up to `end`."""

    start: int
    end: int


class Source:
    """One Python file, with what lies in its solution regions."""

    def __init__(self, name: str, data: bytes) -> None:
        """Read `data`, the content of the file `name`; a solution is valid Python."""
        self.name = name
        self.data = data
        self.tree = ast.parse(data)
        self._lines = data.split(b"\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._regions = find_regions(decode(data, Path(name)), Path(name))

    def place(self, node: ast.expr | ast.stmt | ast.keyword) -> Place:
        """Return where `node` stands, without parentheses around it."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return Place(start, self._starts[node.end_lineno - 1] + node.end_col_offset)

    def text(self, place: Place) -> bytes:
        """Return what stands there."""
        return self.data[place.start : place.end]

    def line_of(self, offset: int) -> int:
        """Return the line (1-based) that holds the byte at `offset`."""
        return self.data.count(b"\n", 0, offset) + 1

    def lines(self, place: Place) -> Place:
        """Return the whole lines that `place` lies in, without the last line end."""
        start = self.data.rfind(b"\n", 0, place.start) + 1
        end = self.data.find(b"\n", place.end)
        return Place(start, end if end >= 0 else len(self.data))

    def inside(self) -> Iterator[tuple[str, ast.AST]]:
        """Yield each node of a region with the name of its function, in the order of the text.

        What decides nothing is left out: docstrings, annotations, decorators, the ``strict`` of
        zip, and f-strings (of which Python 3.11 does not say where their parts stand).
        """
        for function, node in _walk(self.tree, ()):
            first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
            if any(region.begin < first and last < region.end for region in self._regions):
                yield function or "<module>", node


def _walk(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for child in _children(node):
        inner = (*names, child.name) if isinstance(child, _FUNCTIONS) else names
        yield ".".join(names), child
        yield from _walk(child, inner)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (_decides_nothing(child) or guards(child, node)):
                yield child


def guards(child: ast.AST, parent: ast.AST) -> bool:
    """Whether a keyword only guards against a mistake beside it: ``zip(..., strict=True)``."""
    is_strict = isinstance(child, ast.keyword) and child.arg == "strict"
    return is_strict and isinstance(parent, ast.Call) and called(parent) == "zip"


def called(call: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def _decides_nothing(node: ast.AST) -> bool:
    docstring = (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    return docstring or isinstance(node, ast.JoinedStr)


def python_sources(files: Mapping[str, bytes]) -> list[Source]:
    """Return the files that are Python and have regions, by name."""
    names = sorted(name for name in files if name.endswith(".py"))
    return [Source(name, files[name]) for name in names if b"BEGIN SOLUTION" in files[name]]

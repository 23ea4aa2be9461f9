"""Reads a student's file: imports of what the course uses, constants, and functions."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from labkit.gpu.problems import SubsetError
from labkit.gpu.source import Dotted, Module, lines_of, look_through

MAX_SOURCE = 200_000  # bytes
_MODULES = ("numba", "numba.cuda", "math", "numpy", "labkit", "labkit.gpu")


def read_module(source: str, file: str = "kernel") -> Module:
    """Take a module apart.

    Raises:
        SubsetError: it is no Python, or does at its top level what the course subset does not have.
    """
    if len(source) > MAX_SOURCE:
        raise SubsetError(file, 1, f"the file is longer than {MAX_SOURCE} characters")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise SubsetError(file, line, f"not Python: {getattr(error, 'msg', error)}") from None
    except (RecursionError, MemoryError):
        raise SubsetError(file, 1, "nested too deeply") from None
    module = Module(file)
    # Lines as the parser counts them: str.splitlines() knows more ends of lines.
    text = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        for node in tree.body:
            _take(module, node, text)
    except RecursionError:
        raise SubsetError(file, 1, "nested too deeply") from None
    return module


def _take(module: Module, node: ast.stmt, text: list[str]) -> None:
    if isinstance(node, ast.FunctionDef):
        _bind(module, node, {node.name: node})
        module.functions[node.name] = node
        module.lines |= {number: text[number - 1] for number in lines_of(node)}
        look_through(module, node)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        found = _imported(module, node)
        _bind(module, node, found)
        module.names |= found
    elif isinstance(node, ast.Assign) and (names := _targets(node)):
        value = module.constant(node.value)
        values = (value,) if isinstance(node.targets[0], ast.Name) else value
        if not isinstance(values, tuple) or len(values) != len(names):
            raise module.error(node, f"{len(names)} constants are needed here")
        _bind(module, node, names)
        module.names |= dict(zip(names, values, strict=True))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        _bind(module, node, [node.target.id])
        module.names[node.target.id] = module.constant(node.value)
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        what = type(node).__name__.lower()
        raise module.error(
            node,
            f"not in the course subset: {what} at the top level, use functions and constants only",
        )


def _bind(module: Module, node: ast.stmt, names: Iterable[str]) -> None:
    """Refuse to give a name of the module a second meaning: which one counts would be unclear."""
    for name in names:
        old = module.functions.get(name, module.names.get(name))
        is_again = isinstance(old, Dotted) and isinstance(names, Mapping) and names[name] == old
        if old is not None and not is_again:
            raise module.error(node, f"{name} is there already; a name has one meaning in a file")


def _targets(node: ast.Assign) -> list[str]:
    """Return the names that an assignment binds, one or a tuple of them; none: anything else."""
    (target,) = node.targets if len(node.targets) == 1 else (None,)
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return names if len(names) == len(parts) else []


def _imported(module: Module, node: ast.Import | ast.ImportFrom) -> Mapping[str, Dotted]:
    found = {}
    for alias in node.names:
        if alias.name == "*":
            raise module.error(node, "not in the course subset: import *, name what you need")
        if isinstance(node, ast.ImportFrom):
            full = f"{node.module}.{alias.name}"
            allowed, local = node.module in _MODULES, alias.asname or alias.name
        else:
            full = alias.name if alias.asname else alias.name.partition(".")[0]
            allowed, local = alias.name in _MODULES, alias.asname or full
        if not allowed:
            raise module.error(
                node, f"not in the course subset: import of {full}, use numba, numpy and math"
            )
        found[local] = Dotted(full)
    return found


def read_file(path: Path) -> Module:
    """Take the module in the file `path` apart. Raises SubsetError."""
    return read_module(path.read_text(encoding="utf-8", errors="replace"), path.name)

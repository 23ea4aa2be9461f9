"""On which line of a TOML file each key stands: what `tomllib` does not tell."""

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]  # keys, and indices into arrays, from the top of the document


def positions(text: str) -> dict[Path, int]:
    """Return the line (1-based) of every table, key and array element of the valid TOML `text`.

    What stands inside an array of several lines has the line its statement begins on.
    """
    lines: dict[Path, int] = {(): 1}
    last: dict[Path, int] = {}  # array of tables -> index of its newest element
    table: Path = ()
    for line, source, value in _statements(text):
        if source.lstrip().startswith("["):
            table = _enter(value, last)
            lines[table] = line
            for depth in range(1, len(table)):
                lines.setdefault(table[:depth], line)
        else:
            _record(lines, table, value, line)
    return lines


def unfinished(text: str) -> int | None:
    """Return the line on which the first statement begins that is no TOML, however far it goes."""
    return next((line for line, source, _ in _statements(text) if not source), None)


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield (first line, source, value) of each statement.

    A statement ends with the first line at which it is valid TOML of its own: so the parser
    itself knows about quotes, comments, and strings and arrays over several lines. The last one
    has no source if it never ends.
    """
    rows, start = text.split("\n"), 0
    for end, row in enumerate(rows):
        if start == end and (not row.strip() or row.lstrip().startswith("#")):
            start = end + 1
            continue
        source = "\n".join(rows[start : end + 1])
        try:
            value = tomllib.loads(source)
        except tomllib.TOMLDecodeError:
            continue
        yield start + 1, source, value
        start = end + 1
    if start < len(rows):
        yield start + 1, "", {}


def _enter(header: dict[str, Any], last: dict[Path, int]) -> Path:
    """Return the path of the table that a parsed ``[a.b]`` or ``[[a.b]]`` opens."""
    path: Path = ()
    node: Any = header
    while isinstance(node, dict) and node:
        ((key, node),) = node.items()
        path = (*path, key)
        if isinstance(node, list):
            last[path] = last.get(path, -1) + 1
        if path in last:
            path = (*path, last[path])
    return path


def _record(lines: dict[Path, int], path: Path, value: Any, line: int) -> None:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        lines.setdefault((*path, key), line)
        if isinstance(child, dict | list):
            _record(lines, (*path, key), child, line)

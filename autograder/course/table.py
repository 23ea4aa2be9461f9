"""TOML tables read with care: every mistake becomes a CourseError at its line."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from autograder.course.positions import Path as Keys
from autograder.errors import CourseError
from autograder.plugins import suggest

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS = {str: "a string", bool: "true or false", int: "a number", float: "a number"}
_KINDS |= {list: "a list", dict: "a table", datetime: "a date and time", date: "a date"}


class Table:
    """One table of a TOML document. Readers take a key; one without default must be there."""

    def __init__(
        self, file: Path, value: Mapping[str, Any], lines: Mapping[Keys, int], keys: Keys = ()
    ) -> None:
        """Wrap the table `value` that stands at `keys` in `file`."""
        self.file, self._value, self._lines, self._keys = file, value, lines, keys

    def __contains__(self, key: str) -> bool:
        """Whether the author wrote `key`."""
        return key in self._value

    def __iter__(self) -> Iterator[str]:
        """The keys, as written."""
        return iter(self._value)

    @property
    def name(self) -> str:
        """How an author knows this table, such as ``[[exercise]]``."""
        words = [str(key) for key in self._keys if isinstance(key, str)]
        if not words:
            return "the top of the file"
        in_array = isinstance(self._keys[-1], int)
        return f"[[{'.'.join(words)}]]" if in_array else f"[{'.'.join(words)}]"

    def line(self, *keys: str | int) -> int:
        """Return the line of a key (or element) of this table, else that of the table."""
        path = (*self._keys, *keys)
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def error(self, message: str, *keys: str | int) -> CourseError:
        """An error at `keys` of this table."""
        return CourseError.at(self.file, self.line(*keys), message)

    def expect(self, known: Collection[str]) -> "Table":
        """Return this table. Raises CourseError if it has a key that is not `known`."""
        for key in self._value:
            if key not in known:
                raise self.error(f"unknown key {key!r} in {self.name}; {suggest(key, known)}", key)
        return self

    def text(self, key: str) -> str:
        """A string that is not empty."""
        value: str = self._typed(key, str, 'write it in quotes, such as {key} = "..."')
        if not value.strip():
            raise self.error(f"{key!r} is empty; write something", key)
        return value

    def identifier(self, key: str) -> str:
        """A string of ASCII letters, digits and underscores."""
        value = self.text(key)
        if not _IDENTIFIER.fullmatch(value):
            hint = "use letters, digits and '_', beginning with a letter"
            raise self.error(f"{key!r} cannot be {value!r}; {hint}", key)
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when left out."""
        return key in self and bool(self._typed(key, bool, "write {key} = true"))

    def number(
        self, key: str, default: float | None = None, *, above: float = 0, most: float | None = None
    ) -> float:
        """A finite number above `above`, and not over `most`."""
        if key not in self and default is not None:
            return default
        value = self._typed(key, (int, float), "write it without quotes, such as {key} = 1")
        if isinstance(value, bool):
            raise self._wrong_kind(key, value, "a number", "write it like {key} = 1")
        if not isfinite(value) or value <= above or (most is not None and value > most):
            limit = f"above {above:g}" if most is None else f"above {above:g}, at most {most:g}"
            raise self.error(f"{key!r} must be {limit}, not {value:g}; change it", key)
        return float(value)

    def whole(self, key: str, default: int) -> int:
        """A whole number above 0."""
        value = self.number(key, default)
        if value != int(value):
            raise self.error(f"{key!r} must be a whole number, not {value:g}; round it", key)
        return int(value)

    def moment(self, key: str) -> date | datetime:
        """A date, or a date and time."""
        value: date = self._typed(key, date, "write it without quotes, such as {key} = 2025-10-16")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings, each there once and none empty."""
        if key not in self and default is not None:
            return default
        values = self._typed(key, list, 'write it like {key} = ["..."]')
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(f"{key!r} holds {value!r}; put each entry in quotes", key, index)
            if value in values[:index]:
                raise self.error(f"{key!r} names {value!r} twice; take one out", key, index)
        return tuple(values)

    def table(self, key: str, known: Collection[str] | None = None) -> "Table":
        """The table `key` (an empty one when left out), with none but `known` keys."""
        value = self._typed(key, dict, "write it like [{key}]") if key in self else {}
        found = Table(self.file, value, self._lines, (*self._keys, key))
        return found if known is None else found.expect(known)

    def tables(self, key: str, known: Collection[str]) -> list["Table"]:
        """The tables ``[[key]]``, none when left out, each with none but `known` keys."""
        hint = "begin each entry with [[{key}]]"
        values = self._typed(key, list, hint) if key in self else []
        for value in values:
            if not isinstance(value, dict):
                raise self._wrong_kind(key, value, "a list of tables", hint)
        return [
            Table(self.file, value, self._lines, (*self._keys, key, i)).expect(known)
            for i, value in enumerate(values)
        ]

    def _typed(self, key: str, kind: type | tuple[type, ...], hint: str) -> Any:
        if key not in self:
            raise self.error(f"{self.name} lacks {key!r}; {hint.format(key=key)}")
        value = self._value[key]
        if not isinstance(value, kind):
            first = kind[0] if isinstance(kind, tuple) else kind
            raise self._wrong_kind(key, value, _KINDS[first], hint)
        return value

    def _wrong_kind(self, key: str, value: object, wanted: str, hint: str) -> CourseError:
        got = next((text for kind, text in _KINDS.items() if type(value) is kind), "something else")
        return self.error(f"{key!r} must be {wanted}, not {got}; {hint.format(key=key)}", key)


def unique(tables: list[Table], what: str) -> list[str]:
    """Return the ids of `tables`. Raises CourseError at the second of two that are the same."""
    seen: dict[str, int] = {}
    for table in tables:
        id = table.text("id")
        if id in seen:
            where = f"the first is on line {seen[id]}"
            raise table.error(f"{what} {id!r} is there twice ({where}); rename one", "id")
        seen[id] = table.line("id")
    return list(seen)

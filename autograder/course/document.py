"""A TOML file as a table that knows its lines; what is not TOML is told at its line."""

import re
import tomllib
from datetime import date
from pathlib import Path

from autograder.course.positions import positions, unfinished
from autograder.course.table import Table
from autograder.course.tree import read_text
from autograder.errors import CourseError

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def read_toml(path: Path) -> Table:
    """Return the document in `path`. Raises CourseError: unreadable, or not valid TOML."""
    text = read_text(path).replace("\r\n", "\n")
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from None
    return Table(path, value, positions(text))


def _syntax_error(path: Path, text: str, message: str) -> CourseError:
    what, _, where = message.partition(" (at ")
    found, begin = re.match(r"line (\d+)", where), unfinished(text)
    line = int(found[1]) if found else begin or text.rstrip().count("\n") + 1
    source = text.split("\n")[line - 1].strip()
    for day in _DAY.findall(source):
        if not _exists(day):
            return CourseError.at(path, line, f"there is no day {day}; write one that exists")
    where = f" and at line {begin}, where this begins" if begin and begin < line else ""
    return CourseError.at(path, line, f"this is not valid TOML: {what}; look at {source!r}{where}")


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True

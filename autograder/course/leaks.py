"""The last look before anything goes to students: no five lines of a solution may be in it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.course.contents import texts
from autograder.course.regions import Region, is_content
from autograder.errors import CourseError

WINDOW = 5  # lines, neither blank nor comment


class Leak(NamedTuple):
    """Where students would find part of a solution."""

    place: str  # ``name:line``; for a notebook ``name, cell 3:line``
    solution: Path
    line: int  # of the solution, 1-based


def refuse_leaks(
    files: Mapping[PurePosixPath, bytes], solved: Sequence[tuple[Path, Region]]
) -> None:
    """Check that `find_leaks` finds nothing.

    Raises:
        CourseError: it does; names both places.
    """
    for leak in find_leaks(files, solved):
        message = f"students would find {WINDOW} lines of this solution in {leak.place}"
        raise CourseError.at(
            leak.solution, leak.line, f"{message}; write one of the two differently"
        )


def find_leaks(
    files: Mapping[PurePosixPath, bytes], solved: Sequence[tuple[Path, Region]]
) -> Iterator[Leak]:
    """Yield each place in `files` that holds five lines in a row of a solution region.

    White space, blank lines and comments do not count. Notebooks are read cell by cell, archives
    member by member.
    """
    secret = {
        window: (path, region.begin + number)
        for path, region in solved
        for number, window in _windows(region.lines)
    }
    for name, data in files.items():
        for place, lines in texts(str(name), data):
            for number, window in _windows(lines):
                if window in secret:
                    yield Leak(f"{place}:{number}", *secret[window])


def _windows(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each window with the number (1-based) of its first line."""
    rows = [(n, "".join(line.split())) for n, line in enumerate(lines, 1)]
    rows = [(n, row) for n, row in rows if is_content(row, "#") and is_content(row, "//")]
    for index in range(len(rows) - WINDOW + 1):
        yield rows[index][0], tuple(row for _, row in rows[index : index + WINDOW])

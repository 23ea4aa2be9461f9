"""The last look before anything goes to students: no five lines of a solution may be in it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from autograder.course.regions import Region, is_content
from autograder.errors import CourseError

WINDOW = 5  # lines, neither blank nor comment


def refuse_leaks(
    files: Mapping[PurePosixPath, bytes], solved: Sequence[tuple[Path, Region]]
) -> None:
    """Check that none of `files` holds five lines in a row of a solution region.

    White space, blank lines and comments do not count.

    Raises:
        CourseError: one does; names both places.
    """
    secret = {
        window: (path, region.begin + number)
        for path, region in solved
        for number, window in _windows(region.lines)
    }
    for name, data in files.items():
        for number, window in _windows(data.decode("utf-8", "replace").splitlines()):
            if window in secret:
                path, line = secret[window]
                message = f"students would find {WINDOW} lines of this solution in {name}:{number}"
                raise CourseError.at(path, line, f"{message}; write one of the two differently")


def _windows(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each window with the number (1-based) of its first line."""
    rows = [(n, "".join(line.split())) for n, line in enumerate(lines, 1)]
    rows = [(n, row) for n, row in rows if is_content(row, "#") and is_content(row, "//")]
    for index in range(len(rows) - WINDOW + 1):
        yield rows[index][0], tuple(row for _, row in rows[index : index + WINDOW])

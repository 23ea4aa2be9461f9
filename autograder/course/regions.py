"""Solution regions: what stands between BEGIN SOLUTION and END SOLUTION.

def softmax(x):
    # BEGIN SOLUTION: subtract the maximum first
    ...
    # END SOLUTION
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

_MARKER = re.compile(r"\s*(?P<comment>#|//)\s*(?P<word>BEGIN|END) SOLUTION\b[\s:]*(?P<hint>.*)")
_ALMOST = re.compile(r"\b(?:begin|end)[ _-]*solution\b", re.IGNORECASE)


@dataclass(frozen=True)
class Region:
    """One region of a solution file."""

    begin: int  # line of its BEGIN marker, 1-based
    end: int  # line of its END marker
    hint: str  # may be empty
    comment: str  # how a comment begins in this language
    lines: tuple[str, ...]  # what stands between the markers

    @property
    def content(self) -> list[int]:
        """The lines (1-based) that are neither blank nor comment."""
        numbered = enumerate(self.lines, self.begin + 1)
        return [n for n, line in numbered if is_content(line, self.comment)]

    @property
    def indent(self) -> str:
        """The white space before its first line of content."""
        line = self.lines[self.content[0] - self.begin - 1]
        return line[: len(line) - len(line.lstrip())]


def is_content(line: str, comment: str = "#") -> bool:
    """Return whether `line` is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith(comment)


def find_regions(source: str, path: Path) -> list[Region]:
    """Return the regions of `source`, the text of the file `path`, in order.

    Raises:
        CourseError: a marker is nested, not closed, not opened, or shares its line.
    """
    lines = source.split("\n")
    regions: list[Region] = []
    begun: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(lines, 1):
        marker = _marker(line, path, number)
        if marker is None:
            continue
        opens = marker["word"] == "BEGIN"
        if opens and begun:
            message = f"this region begins inside that of line {begun[0]}; end that one first"
            raise CourseError.at(path, number, message)
        if not opens and not begun:
            message = "no region is open here; write BEGIN SOLUTION above, or drop this line"
            raise CourseError.at(path, number, message)
        if begun:
            regions.append(_region(lines, begun, number, path))
        begun = (number, marker) if opens else None
    if begun:
        raise CourseError.at(path, begun[0], "this region never ends; write END SOLUTION below it")
    return regions


def _marker(line: str, path: Path, number: int) -> re.Match[str] | None:
    marker = _MARKER.fullmatch(line)
    if marker is None and _ALMOST.search(line):
        message = "a marker stands alone on its line; write it like '# BEGIN SOLUTION: a hint'"
        raise CourseError.at(path, number, message)
    return marker


def _region(lines: Sequence[str], begun: tuple[int, re.Match[str]], end: int, path: Path) -> Region:
    number, marker = begun
    inside = tuple(lines[number : end - 1])
    region = Region(number, end, marker["hint"].strip(), marker["comment"], inside)
    if not region.content:
        raise CourseError.at(path, number, "this region is empty; write the solution, or drop it")
    return region

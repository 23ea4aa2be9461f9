"""Which files a lab's patterns name."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath


def matches(name: PurePosixPath, pattern: str) -> bool:
    """Return whether the relative path `name` matches `pattern`, segment by segment.

    ``*`` stays within a segment, ``**`` stands for any number of them, case counts.

    >>> matches(PurePosixPath("autograd/ops.py"), "autograd/*.py")
    True
    >>> matches(PurePosixPath("deep/autograd/ops.py"), "autograd/*.py")
    False
    """
    return _match(name.parts, tuple(pattern.split("/")))


def _match(names: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(_match(names[i:], patterns[1:]) for i in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], patterns[0]) and _match(names[1:], patterns[1:])


def problem_with(pattern: str) -> str | None:
    """Return what is wrong with `pattern` as a lab's pattern, or None."""
    segments = pattern.split("/")
    if not pattern.strip():
        return "is empty; name files, such as 'autograd/*.py'"
    if "\\" in pattern:
        return "holds a backslash; separate folders with '/'"
    if pattern.startswith(("/", "~")) or ":" in segments[0]:
        return "is absolute; write it relative to the submission's folder"
    if ".." in segments:
        return "leaves the submission's folder; take the '..' out"
    if not all(segments) or "." in segments:
        return "has an empty segment or '.'; write it like 'autograd/*.py'"
    return None

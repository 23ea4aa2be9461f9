"""A lab's allow-list: which names it takes.

``*`` and ``?`` stay within one folder, ``**`` stands for any number of folders, ``[ab]`` for one
letter. Letters count as written, and no wildcard stands for a name that begins with a dot.
"""

import fnmatch
import re
from collections.abc import Sequence
from functools import lru_cache

_DEEPEST = 100  # folders; nothing honest lies deeper, and the search recurses


def matches(patterns: Sequence[str], name: str) -> bool:
    """Tell whether one of `patterns` takes the file `name` (relative, POSIX)."""
    parts = name.split("/")
    return len(parts) <= _DEEPEST and any(_takes(_split(p), parts) for p in patterns)


def may_lead(patterns: Sequence[str], folder: str) -> bool:
    """Tell whether a file somewhere below `folder` could be taken."""
    parts = folder.split("/")
    return len(parts) < _DEEPEST and any(_leads(_split(p), parts) for p in patterns)


def _takes(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    if not pattern or not parts:
        return not pattern and not parts
    if pattern[0] == "**":
        deeper = not parts[0].startswith(".") and _takes(pattern, parts[1:])
        return deeper or _takes(pattern[1:], parts)
    return _fits(pattern[0], parts[0]) and _takes(pattern[1:], parts[1:])


def _leads(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    if not pattern:
        return False
    if not parts:
        return True
    if pattern[0] == "**":
        return (not parts[0].startswith(".") and _leads(pattern, parts[1:])) or _leads(
            pattern[1:], parts
        )
    return _fits(pattern[0], parts[0]) and _leads(pattern[1:], parts[1:])


def _fits(pattern: str, part: str) -> bool:
    if part.startswith(".") and not pattern.startswith("."):
        return False
    return _compiled(pattern).match(part) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


@lru_cache(maxsize=256)
def _split(pattern: str) -> tuple[str, ...]:
    parts = tuple(p for p in pattern.split("/") if p not in ("", "."))
    # `a/**` means all files below `a`; two `**` in a row say no more than one.
    parts = (*parts, "*") if parts[-1:] == ("**",) else parts
    return tuple(p for i, p in enumerate(parts) if p != "**" or parts[i - 1 : i] != ("**",))

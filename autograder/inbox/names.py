"""Names from strangers: which are safe to use, and how to show those that are not."""

import re
import unicodedata
from collections.abc import Iterable

from autograder.inbox.limits import NAME_LENGTH, PART_BYTES, STUDENT_LENGTH, Refused

_SHOWN = 80  # characters of a hostile name worth repeating
_DRIVE = re.compile(r"[A-Za-z]:")
# Cc control, Cs half a character (a name that is not UTF-8), Zl and Zp line breaks
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_JUNK = {"__MACOSX", "__pycache__"}


def shown(name: str) -> str:
    """Return `name` in quotes, shortened, with everything unprintable spelled out."""
    short = name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"
    spelled = "".join(c if _printable(c) else _escaped(c) for c in short)
    return f"'{spelled}'"


def is_junk(part: str) -> bool:
    """Tell whether a folder or file of this name is left behind by a tool, and never handed in."""
    return part.startswith(".") or part in _JUNK


def student_of(raw: str) -> tuple[str, str | None]:
    """Return the student a folder or zip called `raw` stands for, and why that will not do."""
    name = unicodedata.normalize("NFC", raw)
    safe = "".join(c if _printable(c) else "\ufffd" for c in name)[:STUDENT_LENGTH] or "?"
    if safe == name:
        return name, None
    if len(name) > STUDENT_LENGTH:
        return safe, f"its name is longer than {STUDENT_LENGTH} characters; rename it"
    return safe, f"its name {shown(raw)} holds control characters or is not UTF-8; rename it"


def tidy(name: str) -> str:
    """Return the name of a file inside a submission as it will be used: NFC, without ``./``.

    Raises:
        Refused: it could mean a place outside the submission, or something else elsewhere.
    """
    if "\\" in name:
        raise Refused(f"{shown(name)} has a backslash in its name; use / between folders")
    if name.startswith("/") or _DRIVE.match(name):
        raise Refused(f"{shown(name)} is an absolute path; zip the folder again")
    parts = [p for p in name.split("/") if p not in ("", ".")]
    if ".." in parts:
        raise Refused(f"{shown(name)} points outside the submission; zip the folder again")
    if not all(_printable(c) for c in name):
        raise Refused(f"{shown(name)} holds control characters or is not UTF-8; rename it")
    return unicodedata.normalize("NFC", "/".join(parts))


def check_length(name: str) -> None:
    """Raise Refused if `name` is too long to be a file of a submission."""
    if len(name) > NAME_LENGTH:
        raise Refused(f"{shown(name)} is longer than {NAME_LENGTH} characters; shorten it")
    if any(len(part.encode()) > PART_BYTES for part in name.split("/")):
        raise Refused(f"{shown(name)} has a part of more than {PART_BYTES} bytes; shorten it")


def check_distinct(names: Iterable[str]) -> None:
    """Raise Refused if two of `names` are the same file, here or where case does not count."""
    seen: dict[str, str] = {}
    for name in names:
        folded = _folded(name)
        if folded in seen:
            raise Refused(f"{shown(name)} is there twice (as {shown(seen[folded])}); keep one")
        seen[folded] = name


def check_folders(names: Iterable[str]) -> None:
    """Raise Refused if one of `names` is also the folder of another."""
    folded = {_folded(name): name for name in names}
    for key, name in folded.items():
        if any(key[:i] in folded for i, letter in enumerate(key) if letter == "/"):
            raise Refused(f"{shown(name)} lies in a folder that is also a file; keep one")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in _UNPRINTABLE and character not in _REORDERING


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode()

"""What g++ says, as mistakes in the student's own files and lines."""

import re
from collections.abc import Collection, Iterator, Sequence

from labkit.npu.errors import Mistake

_LINE = re.compile(r"^(?P<file>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? *(?P<text>.*)$")
_KIND = re.compile(r"^(?P<kind>fatal error|error|warning|note|sorry, unimplemented): (?P<text>.*)$")
_INCLUDED = re.compile(r"^(?:In file included| {15} {0,2})\s*from (?P<file>[^:\n]+):(?P<line>\d+)")
_OUTSIDE = re.compile(
    r"^'(?P<one>\w+)' (?:is not a member of 'AscendC'|"
    r"was not declared in this scope|has not been declared|does not name a type)"
)
_LINKER = re.compile(r"undefined reference to [`'](?P<name>[^']+)'")
_TWICE = re.compile(r"multiple definition of [`'](?P<name>[^']+)'")
TYPE, SUBSET, COMPILER = "TYPE_UNSUPPORTED", "CPP_UNSUPPORTED", "COMPILER"
_SUBSET_TEXT = "is not in the course subset"


def mistakes(said: str, files: Collection[str], known: Collection[str]) -> list[Mistake]:
    """Return the errors in what g++ said, each at a line of `files`.

    Args:
        said: its standard error, in English, without carets.
        files: names of the student's files.
        known: names of the public API outside the subset, which are told as such.
    """
    found = list(dict.fromkeys(_errors(said.splitlines(), files, known)))
    return found or _of_linker(said)


def _errors(
    lines: Sequence[str], files: Collection[str], known: Collection[str]
) -> Iterator[Mistake]:
    places: list[tuple[str, int]] = []  # that led to the next error: nearest to it first
    for line in lines:
        if included := _INCLUDED.match(line):
            places.append((included["file"], int(included["line"])))
            continue
        if (match := _LINE.match(line)) is None:
            continue
        place = (match["file"], int(match["line"]))
        kind = _KIND.match(match["text"])
        if kind is None:
            places.append(place)
        elif "error" in kind["kind"] or "sorry" in kind["kind"]:
            file, number = next((one for one in [place, *places] if one[0] in files), ("", 0))
            yield _mistake(file, number, kind["text"], known)
            places = []
        elif kind["kind"] != "note":
            places = []


def _mistake(file: str, line: int, text: str, known: Collection[str]) -> Mistake:
    text = text.removeprefix("static assertion failed: ")
    outside = _OUTSIDE.match(text)
    if outside and ("AscendC" in text or outside["one"] in known):
        return Mistake(file, line, f"{outside['one']} {_SUBSET_TEXT}", SUBSET)
    if _SUBSET_TEXT in text:
        return Mistake(file, line, text, SUBSET)
    if "on 910B" in text:
        return Mistake(file, line, text, TYPE)
    return Mistake(file, line, text)


def _of_linker(said: str) -> list[Mistake]:
    """Return what the linker misses: it knows names, but no lines."""
    missing = dict.fromkeys(match["name"] for match in _LINKER.finditer(said))
    twice = dict.fromkeys(match["name"] for match in _TWICE.finditer(said))
    return [
        *(Mistake("", 0, f"{name} is declared, but defined in no file") for name in missing),
        *(Mistake("", 0, f"{name} is defined more than once") for name in twice),
    ]

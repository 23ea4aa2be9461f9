"""What g++ says, as mistakes in the student's own files and lines."""

import re
from collections.abc import Collection, Iterator, Sequence

from labkit.npu.errors import Mistake

_LINE = re.compile(r"^(?:\./)?(?P<file>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? *(?P<text>.*)$")
_KIND = re.compile(r"^(?P<kind>fatal error|error|warning|note|sorry, unimplemented): (?P<text>.*)$")
_INCLUDED = re.compile(
    r"^(?:In file included| {10,}) *from (?:\./)?(?P<file>[^:\n]+):(?P<line>\d+)"
)
_OUTSIDE = (
    re.compile(r"^'(?P<name>\w+)' is not a member of '(?P<space>AscendC(::\w+)?)'(?P<rest>.*)$"),
    re.compile(
        r"^'(class|struct|enum class) (?P<space>AscendC::\w+)[^']*' has no member named "
        r"'(?P<name>\w+)'(?P<rest>.*)$"
    ),
    re.compile(r"^'(?P<space>AscendC)::(?P<name>\w+)' has not been declared(?P<rest>.*)$"),
)
_BUILT = re.compile(r"^'(?P<name>(ORIG_)?DTYPE_\w+)' was not declared in this scope")
_OPEN = re.compile(r"^note: to match this '(?P<bracket>[({\[])'")
_LINKER = re.compile(r"undefined reference to [`'](?P<name>[^']+)'")
_TWICE = re.compile(r"multiple definition of [`'](?P<name>[^']+)'")
TYPE, SUBSET = "TYPE_UNSUPPORTED", "CPP_UNSUPPORTED"
_SUBSET_TEXT = "is not in the course subset"

Place = tuple[str, int]


def mistakes(said: str, files: Collection[str]) -> list[Mistake]:
    """Return the errors in what g++ said, each at a line of `files`.

    Args:
        said: its standard error, in English, without carets.
        files: names of the student's files, relative to where g++ ran.
    """
    found = list(dict.fromkeys(_errors(said.splitlines(), files)))
    theirs = [one for one in found if one.line]  # what else is told follows from them
    return theirs or list(_unclosed(said.splitlines(), files)) or found or _of_linker(said)


def _unclosed(lines: Sequence[str], files: Collection[str]) -> Iterator[Mistake]:
    """Tell of brackets without an end, which g++ tells of where the file ends."""
    for line in lines:
        match = _LINE.match(line)
        if match and match["file"] in files and (open := _OPEN.match(match["text"])):
            text = f"this {open['bracket']} is never closed"
            yield Mistake(match["file"], int(match["line"]), text)


def _errors(lines: Sequence[str], files: Collection[str]) -> Iterator[Mistake]:
    through: list[Place] = []  # files that include the one at fault, nearest first
    needing: list[Place] = []  # code that instantiates the template at fault, nearest first
    for line in lines:
        if included := _INCLUDED.match(line):
            if line.startswith("In"):
                through = []
            through.append((included["file"], int(included["line"])))
            continue
        if (match := _LINE.match(line)) is None:
            continue
        place = (match["file"], int(match["line"]))
        kind = _KIND.match(match["text"])
        if kind is None:
            needing.append(place)
        elif kind["kind"] in ("error", "fatal error", "sorry, unimplemented"):
            ours = (one for one in (place, *needing, *through) if one[0] in files)
            yield _mistake(next(ours, ("", 0)), kind["text"])
        if kind is not None:
            needing = []


def _mistake(place: Place, text: str) -> Mistake:
    text = text.removeprefix("static assertion failed: ").replace("_Float16", "half")
    if built := _BUILT.match(text):
        text = (
            f"{built['name']} is made by the vendor's operator build: #define it, or write it out"
        )
    for outside in filter(None, (pattern.match(text) for pattern in _OUTSIDE)):
        name = f"{outside['space']}::{outside['name']}".removeprefix("AscendC::")
        text = f"{name} {_SUBSET_TEXT}{outside['rest']}"
    if _SUBSET_TEXT in text:
        return Mistake(*place, text, SUBSET)
    return Mistake(*place, text, TYPE) if "on 910B" in text else Mistake(*place, text)


def _of_linker(said: str) -> list[Mistake]:
    """Return what the linker misses: it knows names, but no lines."""
    missing = dict.fromkeys(match["name"] for match in _LINKER.finditer(said))
    twice = dict.fromkeys(match["name"] for match in _TWICE.finditer(said))
    return [
        *(Mistake("", 0, _missing(name)) for name in missing),
        *(Mistake("", 0, f"{name} is defined more than once") for name in twice),
    ]


def _missing(name: str) -> str:
    if name == "main":
        return "the program has no main: launch its kernels from Python, or write one"
    return f"{name} is declared, but defined in no file"

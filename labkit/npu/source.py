"""The files of a program: read from a file, a folder or a text, with the local headers they use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from labkit.npu.errors import BuildError, Mistake
from labkit.npu.scan import Token, directive
from labkit.npu.structure import Function, Structure, read

UNITS = (".cpp", ".cc", ".asc", ".cxx")
_TEXT_NAME = "kernel.cpp"
_MOST_BYTES = 1 << 20  # of all files
_MOST_FILES = 256


@dataclass(frozen=True)
class Program:
    """Source texts by relative name; `units` are compiled, the others included."""

    files: Mapping[str, str]
    units: tuple[str, ...]

    @cached_property
    def structures(self) -> dict[str, Structure]:
        """What each file declares."""
        return {name: read(text) for name, text in self.files.items()}

    @cached_property
    def kernels(self) -> list[tuple[str, Function]]:
        """Every kernel with the file that defines it."""
        return [(name, one) for name, one in self.functions() if one.kernel]

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Go through all functions, with the files that define them."""
        for name, structure in self.structures.items():
            yield from ((name, function) for function in structure.functions)

    def defining(self, function: str) -> str | None:
        """Return the file that defines a function of this name outside all namespaces."""
        found = (name for name, each in self.structures.items() if each.called(function))
        return next(found, None)

    def reached(self, unit: str) -> list[str]:
        """Return `unit` and the local headers that it includes, directly or not."""
        found, waiting = [unit], [unit]
        while waiting:
            file = waiting.pop()
            for included in self.included(file):
                if included not in found:
                    found.append(included)
                    waiting.append(included)
        return found

    def included(self, file: str) -> list[str]:
        """Return the program's own files that `file` includes directly."""
        names = (included(token) for token in self.structures[file].code)
        places = [local(file, name[1:-1]) for name in names if name.startswith('"')]
        return [place for place in places if place in self.files]


def included(token: Token) -> str:
    """Return what a directive includes, with its quotes or angle brackets, or nothing."""
    if token.kind != "directive":
        return ""
    words = directive(token)
    if len(words) < 2 or words[0].text not in ("include", "include_next", "import"):
        return ""
    if words[1].kind == "string":
        return words[1].text
    rest = token.text[token.text.index(words[0].text) + len(words[0].text) :].strip()
    return rest[: rest.index(">") + 1] if rest.startswith("<") and ">" in rest else ""


def local(file: str, name: str) -> str:
    """Return where ``#include "name"`` of `file` points, relative to the program's root."""
    parts: list[str] = []
    for part in (PurePosixPath(file).parent / name).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def gather(source: str | Path) -> Program:
    """Read a program: a file, a folder (all its units), or a text with more than one line.

    Raises:
        FileNotFoundError: `source` is a path, and nothing is there.
        BuildError: it is too large, or no text.
    """
    if isinstance(source, str) and "\n" in source:
        return _within(Program({_TEXT_NAME: source}, (_TEXT_NAME,)))
    path = Path(source)
    if path.is_dir():
        found = sorted(path.rglob("*"))
        units = [each for each in found if each.suffix in UNITS and each.is_file()]
        if not units:
            raise FileNotFoundError(f"{path} holds no {', '.join(UNITS)}")
        return _with_headers(path, units)
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}")
    return _with_headers(path.parent, [path])


def _with_headers(root: Path, units: list[Path]) -> Program:
    """Read `units`, and what they include from below `root`; a unit that is included is none."""
    files: dict[str, str] = {}
    waiting = [each.relative_to(root).as_posix() for each in units]
    while waiting:
        name = waiting.pop()
        path = root / name
        if name in files or not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            continue
        files[name] = _text(path, name)
        _within(Program(files, (name,)))
        names = map(included, read(files[name]).code)
        waiting += [local(name, each[1:-1]) for each in names if each.startswith('"')]
    return _compiled(Program(files, tuple(each.relative_to(root).as_posix() for each in units)))


def _compiled(program: Program) -> Program:
    """Return `program` without the units that another one includes: they are compiled there."""
    inner = {file for unit in program.units for file in program.reached(unit) if file != unit}
    left = tuple(unit for unit in program.units if unit not in inner)
    return replace(program, units=left or program.units)


def _text(path: Path, name: str) -> str:
    if path.stat().st_size > _MOST_BYTES:
        raise BuildError([Mistake(name, 1, f"is larger than {_MOST_BYTES >> 20} MiB")], "size")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return path.read_text(encoding="gb18030")  # what editors in China may write
    except UnicodeDecodeError as error:
        raise BuildError([Mistake(name, 1, "is no UTF-8 text")]) from error


def _within(program: Program) -> Program:
    """Return `program`, if it is not too large."""
    total = sum(len(text) for text in program.files.values())
    if total > _MOST_BYTES or len(program.files) > _MOST_FILES:
        text = f"the program has more than {_MOST_BYTES >> 20} MiB, or {_MOST_FILES} files"
        raise BuildError([Mistake(program.units[0], 1, text)], "size")
    return program

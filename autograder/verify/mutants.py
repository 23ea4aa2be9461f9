"""Mutants: plausible wrong answers, written as edits of the solution."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.model import Lab
from autograder.plugins import suggest

_KEYS = {"file", "find", "replace", "edit", "must_lose", "may_lose", "why"}
_EDIT_KEYS = {"file", "find", "replace"}


@dataclass(frozen=True)
class Edit:
    """Replace the one place in `file` that reads `find`."""

    file: str
    find: str
    replace: str


@dataclass(frozen=True)
class Mutant:
    """One plausible wrong answer, and which exercises must notice."""

    name: str
    why: str
    edits: tuple[Edit, ...]
    must_lose: frozenset[str]
    may_lose: frozenset[str]  # what builds on it; every other exercise keeps its full points
    path: Path


def load_mutants(lab: Lab) -> tuple[Mutant, ...]:
    """Read ``labs/<lab>/mutants/*.toml``, by name.

    Raises:
        CourseError: a file is not TOML, has unknown keys, or names an exercise that is not there.
    """
    return tuple(_load(lab, path) for path in sorted((lab.path / "mutants").glob("*.toml")))


def mutate(files: Mapping[str, bytes], mutant: Mutant) -> dict[str, bytes]:
    """Return `files` with the mutant's edits made.

    Raises:
        CourseError: an edit's text is not found exactly once: the solution has moved on.
    """
    changed = dict(files)
    for edit in mutant.edits:
        source = changed.get(edit.file, b"").decode()
        if (count := source.count(edit.find)) != 1:
            what = f"{edit.file} holds this `find` {count} times, not once: {edit.find!r}"
            raise CourseError.at(mutant.path, 1, f"{what}; bring the mutant up to date")
        changed[edit.file] = source.replace(edit.find, edit.replace).encode()
    return changed


def _load(lab: Lab, path: Path) -> Mutant:
    try:
        table = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError.at(path, 1, f"this is not TOML: {error}") from None
    _refuse_unknown(path, table, _KEYS)
    edits = tuple(_edit(path, edit) for edit in table.get("edit", []))
    if "file" in table:
        edits = (_edit(path, {k: table[k] for k in _EDIT_KEYS if k in table}), *edits)
    must, may = (_exercises(lab, path, table, key) for key in ("must_lose", "may_lose"))
    if not edits or not must:
        raise CourseError.at(path, 1, "a mutant needs file, find, replace, and must_lose")
    return Mutant(path.stem, str(table.get("why", "")), edits, must, may, path)


def _edit(path: Path, table: dict[str, Any]) -> Edit:
    _refuse_unknown(path, table, _EDIT_KEYS)
    if table.keys() != _EDIT_KEYS or not all(isinstance(v, str) for v in table.values()):
        raise CourseError.at(path, 1, "an edit needs file, find and replace, each a string")
    return Edit(**table)


def _exercises(lab: Lab, path: Path, table: dict[str, Any], key: str) -> frozenset[str]:
    known = {exercise.id for exercise in lab.exercises}
    for id in table.get(key, []):
        if id not in known:
            message = f"{key}: there is no exercise {id!r}; {suggest(id, known)}"
            raise CourseError.at(path, 1, message)
    return frozenset(table.get(key, []))


def _refuse_unknown(path: Path, table: dict[str, Any], known: set[str]) -> None:
    for key in table.keys() - known:
        raise CourseError.at(path, 1, f"unknown key {key!r}; {suggest(key, known)}")

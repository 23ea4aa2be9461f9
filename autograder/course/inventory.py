"""The tests of a lab, read from their source: nothing here runs an author's code."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from autograder.course.tree import files_under, read_text
from autograder.errors import CourseError
from autograder.model import Lab, TestSpec
from autograder.plugins import suggest

_HOW = 'write @exercise("<id>", points=<number>, hint="...")'
_JUDGED_ALONE = ("reference",)  # fixtures that a student's folder does not have


def take_inventory(lab: Lab) -> Lab:
    """Return `lab` with its tests: public ones first, files by name, in the order they are written.

    Raises:
        CourseError: at a test without exercise, points or docstring, or of a name already taken.
    """
    known = [exercise.id for exercise in lab.exercises]
    public = read_tests(lab.path / "tests" / "public", hidden=False, known=known)
    tests = public + read_tests(lab.path / "tests" / "hidden", hidden=True, known=known)
    seen: dict[str, TestSpec] = {}
    for test in tests:
        first = seen.setdefault(test.name, test)
        if first is not test:
            message = f"{test.name} is already in {first.file.name}:{first.line}; rename one"
            raise CourseError.at(test.file, test.line, message)
    return replace(lab, tests=tuple(tests))


def read_tests(
    folder: Path, *, hidden: bool, known: Collection[str] | None = None
) -> list[TestSpec]:
    """Return the tests of `folder`: files by name, in the order they are written.

    Args:
        folder: ``tests/public`` or ``tests/hidden`` of a lab, or ``tests`` of a starter.
        hidden: whether students never see them.
        known: ids of the lab's exercises; None where lab.toml is not there to tell.

    Raises:
        CourseError: at a test without exercise, points or docstring.
    """
    return list(_tests_in(folder, known, hidden=hidden))


def _tests_in(folder: Path, known: Collection[str] | None, *, hidden: bool) -> Iterator[TestSpec]:
    for name, path in files_under(folder).items():
        if not (name.name.startswith("test_") and name.suffix == ".py"):
            continue
        if len(name.parts) > 1:
            raise CourseError.at(
                path, 1, f"tests lie right under {_shown(folder)}; move this file up"
            )
        yield from _specs(path, read_text(path), None if known is None else tuple(known), hidden)


@lru_cache(maxsize=256)  # a worker reads a lab anew for each submission, to parse it only once
def _specs(
    path: Path, source: str, known: tuple[str, ...] | None, hidden: bool
) -> tuple[TestSpec, ...]:
    return tuple(_spec(path, f, known, hidden=hidden) for f in _functions(path, source))


def _shown(folder: Path) -> str:
    return "/".join(folder.parts[-2:])


def _functions(path: Path, source: str) -> Iterator[ast.FunctionDef]:
    """Yield the functions ``test_*`` of a file."""
    try:
        tree = ast.parse(source, str(path))
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL in the source
        message = f"this is not valid Python: {getattr(error, 'msg', error)}; correct it"
        raise CourseError.at(path, getattr(error, "lineno", None) or 1, message) from None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            raise CourseError.at(
                path, node.lineno, "a test is a function; take it out of its class"
            )
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
            raise CourseError.at(path, node.lineno, "a test cannot be async; write a plain 'def'")
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _spec(
    path: Path, function: ast.FunctionDef, known: Collection[str] | None, *, hidden: bool
) -> TestSpec:
    id, points, hint, line = _exercise_of(path, function)
    if known is not None and id not in known:
        raise CourseError.at(path, line, f"there is no exercise {id!r}; {suggest(id, known)}")
    title = (ast.get_docstring(function) or "").strip().partition("\n")[0].strip()
    if not title:
        hint = "its first line is the title that students see"
        raise CourseError.at(path, function.lineno, f"{function.name} lacks a docstring; {hint}")
    arguments = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    if not hidden and (taken := arguments.intersection(_JUDGED_ALONE)):
        message = f"a public test cannot use {taken.pop()!r}: students do not have it"
        raise CourseError.at(path, function.lineno, f"{message}; compute the answer, or hide it")
    return TestSpec(function.name, title, id, points, hint, hidden, path, function.lineno)


def _exercise_of(path: Path, function: ast.FunctionDef) -> tuple[str, float, str, int]:
    """Return exercise id, points, hint and line of a test's decorator."""
    calls = [d for d in function.decorator_list if isinstance(d, ast.Call) and _is_exercise(d)]
    if len(calls) != 1:
        what = "names no exercise" if not calls else "names more than one exercise"
        raise CourseError.at(path, function.lineno, f"{function.name} {what}; {_HOW}")
    given = _literals(path, calls[0])
    id, points, hint = given.get("id"), given.get("points"), given.get("hint", "")
    number = float(points) if _is_number(points) else None
    if not isinstance(id, str) or number is None or not isinstance(hint, str):
        message = f"@exercise of {function.name} lacks something, or has it of the wrong type"
        raise CourseError.at(path, calls[0].lineno, f"{message}; {_HOW}")
    if not 0 < number < float("inf"):
        message = f"{function.name} cannot have {number:g} points; give it more than 0"
        raise CourseError.at(path, calls[0].lineno, message)
    return id, number, hint, calls[0].lineno


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_exercise(call: ast.Call) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] == "exercise"


def _literals(path: Path, call: ast.Call) -> dict[str, Any]:
    nodes = dict(zip(("id",), call.args, strict=False))
    for keyword in call.keywords:
        nodes[keyword.arg or "**"] = keyword.value
    known = ("id", "points", "hint")
    for name in nodes:
        if name not in known:
            message = f"@exercise has no argument {name!r}; {suggest(name, known)}"
            raise CourseError.at(path, call.lineno, message)
    if len(call.args) > 1:
        raise CourseError.at(path, call.lineno, f"@exercise takes one bare argument; {_HOW}")
    try:
        return {name: ast.literal_eval(node) for name, node in nodes.items()}
    except ValueError:
        hint = "write numbers and strings as they are: they are read without running the file"
        raise CourseError.at(path, call.lineno, f"@exercise takes literals only; {hint}") from None

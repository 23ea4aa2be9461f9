"""``labs/<lab>/lab.toml``: what is handed in, and what it is worth."""

import re
from collections.abc import Collection
from pathlib import Path

from autograder.course.document import read_toml
from autograder.course.patterns import problem_with
from autograder.course.table import Table, unique
from autograder.course.tree import solution_files
from autograder.errors import CourseError
from autograder.model import Exercise, Lab, Limits
from autograder.model.course import COMPILERS, DEVICES
from autograder.model.patterns import matches
from autograder.plugins import suggest

_LAB = ("id", "title", "version", "lectures", "files", "required", "box", "limits", "exercise")
_EXERCISE = ("id", "title", "points", "device", "bonus")
_BOX = ("packages", "compilers")
_LIMITS = ("cpu_seconds", "memory_mb", "total_seconds")
_ROUNDING = 1e-6
_VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", re.ASCII)


def read_lab(root: Path, lab_id: str, lectures: Collection[str]) -> tuple[Lab, Table]:
    """Return the lab without tests and digest, and the document it was read from.

    Raises:
        CourseError: lab.toml says something that cannot be.
    """
    path = root / "labs" / lab_id
    top = read_toml(path / "lab.toml").expect(_LAB)
    box = top.table("box", _BOX)
    if top.identifier("id") != lab_id:
        raise top.error(f"'id' must be the folder's name, {lab_id!r}; rename one of them", "id")
    lab = Lab(
        id=lab_id,
        title=top.text("title"),
        lectures=_lectures(top, lectures),
        files=_patterns(top, "files"),
        required=_patterns(top, "required"),
        packages=_packages(box),
        limits=_limits(top.table("limits", _LIMITS)),
        exercises=_exercises(top),
        tests=(),
        path=path,
        solution=root / "solutions" / lab_id,
        starter=root / "starter" / lab_id,
        digest="",
        version=_version(top),
        compilers=_compilers(box),
    )
    return lab, top


def check_points(lab: Lab, top: Table) -> None:
    """Check that the points of each exercise are those of its tests.

    Raises:
        CourseError: at the exercise in lab.toml, naming both sums and the tests.
    """
    for index, exercise in enumerate(lab.exercises):
        tests = [test for test in lab.tests if test.exercise == exercise.id]
        total = sum(test.points for test in tests)
        if abs(total - exercise.points) > _ROUNDING:
            named = ", ".join(f"{t.name} {t.points:g} ({t.file.name}:{t.line})" for t in tests)
            raise top.error(
                f"exercise {exercise.id!r} has {exercise.points:g} points, but its tests "
                f"({named or 'there are none'}) add up to {total:g}; make them agree",
                *("exercise", index, "points"),
            )


def check_solution(lab: Lab, top: Table) -> None:
    """Check that the solution could be handed in: all of it is allowed, and nothing is lacking.

    Raises:
        CourseError: a file of it is not named by `files`, or a `required` pattern has no match.
    """
    names = list(solution_files(lab.solution))
    if not names:
        raise CourseError.at(lab.solution, 1, "there is no solution; write one, or copy it here")
    for name in names:
        if not matches(lab.files, str(name)):
            hint = "add a pattern for it to 'files' in lab.toml, or move it out of the solution"
            raise CourseError.at(lab.solution / name, 1, f"this file is not handed in; {hint}")
    for index, pattern in enumerate(lab.required):
        if not any(matches([pattern], str(name)) for name in names):
            message = f"no file of the solution matches {pattern!r}; correct one of them"
            raise top.error(message, "required", index)


def _version(top: Table) -> str:
    version = top.text("version") if "version" in top else Lab.version
    if not _VERSION.fullmatch(version):
        hint = "write three numbers, such as 1.0.0"
        raise top.error(f"'version' cannot be {version!r}; {hint}", "version")
    return version


def _lectures(top: Table, known: Collection[str]) -> tuple[str, ...]:
    named = top.texts("lectures")
    for index, lecture in enumerate(named):
        if lecture not in known:
            message = f"the course has no lecture {lecture!r}; {suggest(lecture, known)}"
            raise top.error(message, "lectures", index)
    return named


def _patterns(top: Table, key: str) -> tuple[str, ...]:
    patterns = top.texts(key)
    if not patterns:
        raise top.error(f"{key!r} names no file; write patterns such as 'autograd/*.py'", key)
    for index, pattern in enumerate(patterns):
        if problem := problem_with(pattern):
            raise top.error(f"the pattern {pattern!r} in {key!r} {problem}", key, index)
    return patterns


def _packages(box: Table) -> tuple[str, ...]:
    names = box.texts("packages", default=())
    for index, name in enumerate(names):
        if not name.isidentifier():
            hint = "write the name that code imports, without a version"
            raise box.error(f"{name!r} is no package's name; {hint}", "packages", index)
    return names


def _compilers(box: Table) -> tuple[str, ...]:
    names = box.texts("compilers", default=())
    for index, name in enumerate(names):
        if name not in COMPILERS:
            message = f"a box holds no compiler {name!r}; {suggest(name, COMPILERS)}"
            raise box.error(message, "compilers", index)
    return names


def _limits(table: Table) -> Limits:
    usual = Limits()
    return Limits(
        cpu_seconds=table.number("cpu_seconds", usual.cpu_seconds),
        memory_mb=table.whole("memory_mb", usual.memory_mb),
        total_seconds=table.number("total_seconds", usual.total_seconds),
    )


def _exercises(top: Table) -> tuple[Exercise, ...]:
    tables = top.tables("exercise", _EXERCISE)
    if not tables:
        raise top.error("the lab has no exercise; write one under [[exercise]]")
    unique(tables, "exercise")
    return tuple(_exercise(table) for table in tables)


def _exercise(table: Table) -> Exercise:
    device = table.text("device") if "device" in table else "cpu"
    if device not in DEVICES:
        raise table.error(f"there is no device {device!r}; {suggest(device, DEVICES)}", "device")
    return Exercise(
        id=table.identifier("id"),
        title=table.text("title"),
        points=table.number("points"),
        device=device,
        bonus=table.flag("bonus"),
    )

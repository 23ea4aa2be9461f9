"""The work behind `lab list`, `lab show` and `lab build`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.output import people, plain_table, show_table, write_json
from autograder.course import (
    check_starter,
    find_course,
    load_course,
    load_lab,
    write_starter,
)
from autograder.model import Exercise, Lab, TestSpec

_CHECK_FAILED = 1


def list_all(course: Path | None, json_target: str | None) -> None:
    """Show the labs of the course, one line each."""
    root = find_course(course)
    labs = [load_lab(root, id) for id in load_course(root).lab_ids]
    table = plain_table("lab", "title", "exercises", "tests", "points")
    for lab in labs:
        count = f"{_public(lab)} public, {len(lab.tests) - _public(lab)} hidden"
        table.add_row(lab.id, Text(lab.title), str(len(lab.exercises)), count, f"{lab.max_score:g}")
    show_table(people(json_target), table)
    write_json(json_target, {"schema": 1, "labs": [_document(lab) for lab in labs]})


def show_one(course: Path | None, lab: str, json_target: str | None) -> None:
    """Show all that an author said about one lab."""
    found = load_lab(find_course(course), lab)
    console = people(json_target)
    _head(console, found)
    table = plain_table("exercise", "test", "", "points")
    table.columns[3].justify = "right"
    for exercise in found.exercises:
        _add_exercise(table, found, exercise)
    show_table(console, table)
    tests = [_test(test) for test in found.tests]
    write_json(json_target, {"schema": 1, **_document(found), "tests": tests})


def build_starters(
    course: Path | None, lab: str | None, json_target: str | None, *, check: bool
) -> int:
    """Write starter/ for one lab or all, or check that it is up to date; return the exit code."""
    root = find_course(course)
    ids = [lab] if lab else list(load_course(root).lab_ids)
    work = check_starter if check else write_starter
    changed = {id: work(root, id) for id in ids}
    console = people(json_target)
    for id, names in changed.items():
        said = "out of date" if check else "written"
        for name in names:
            console.print(f"starter/{id}/{name}: {said}", markup=False, soft_wrap=True)
        if not names:
            console.print(f"starter/{id} is up to date")
    write_json(json_target, {"schema": 1, "check": check, "changed": changed})
    return _CHECK_FAILED if check and any(changed.values()) else 0


def _head(console: Console, lab: Lab) -> None:
    limits = lab.limits
    lines = (
        f"{lab.id} {lab.version}: {lab.title}",
        f"lectures {', '.join(lab.lectures) or 'none'} · {lab.digest}",
        f"files {', '.join(lab.files)} · required {', '.join(lab.required) or 'none'}",
        f"packages {', '.join(lab.packages) or 'none'}",
        f"compilers {', '.join(lab.compilers) or 'none'}",
        f"limits of a call: {limits.cpu_seconds:g} s CPU, {limits.wall_seconds:g} s wall, "
        f"{limits.memory_mb} MiB; of a submission: {limits.total_seconds:g} s",
    )
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _add_exercise(table: Table, lab: Lab, exercise: Exercise) -> None:
    bonus = " (bonus)" if exercise.bonus else ""
    table.add_row(
        Text(exercise.id, style="bold"),
        Text(exercise.title, style="bold"),
        exercise.device,
        Text(f"{exercise.points:g}{bonus}", style="bold"),
    )
    for test in lab.tests:
        if test.exercise == exercise.id:
            kind = "hidden" if test.hidden else "public"
            table.add_row("", Text(test.title), kind, f"{test.points:g}")
    table.add_section()


def _public(lab: Lab) -> int:
    return sum(not test.hidden for test in lab.tests)


def _document(lab: Lab) -> dict[str, Any]:
    return {
        "id": lab.id,
        "title": lab.title,
        "version": lab.version,
        "lectures": list(lab.lectures),
        "files": list(lab.files),
        "required": list(lab.required),
        "packages": list(lab.packages),
        "compilers": list(lab.compilers),
        "limits": {
            "cpu_seconds": lab.limits.cpu_seconds,
            "wall_seconds": lab.limits.wall_seconds,
            "memory_mb": lab.limits.memory_mb,
            "total_seconds": lab.limits.total_seconds,
        },
        "digest": lab.digest,
        "max_score": lab.max_score,
        "exercises": [asdict(exercise) for exercise in lab.exercises],
    }


def _test(test: TestSpec) -> dict[str, Any]:
    return {
        "name": test.name,
        "title": test.title,
        "exercise": test.exercise,
        "points": test.points,
        "hint": test.hint,
        "hidden": test.hidden,
        "file": test.file.name,
        "line": test.line,
    }

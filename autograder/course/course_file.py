"""``labs/course.toml``: lectures, assignments, dates."""

import re
from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from autograder.course.assessment import check_assessment
from autograder.course.document import read_toml
from autograder.course.table import Table, unique
from autograder.errors import CourseError
from autograder.model import Assignment, Course, Lecture
from autograder.plugins import suggest

_COURSE = ("id", "title", "term", "timezone", "lecture", "assignment", "assessment")
_LECTURE = ("id", "title", "date")
_ASSIGNMENT = ("id", "title", "weight", "labs", "released", "due", "planned")
_LECTURE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_DAY_BEGINS, _DAY_ENDS = time(0, 0, 0), time(23, 59, 59)
ROUNDING = 1e-9  # shares such as 0.1 + 0.2 + 0.7 add up to 1 within this


def read_course(path: Path, root: Path) -> Course:
    """Return the course that the file `path` describes; its labs are those under ``root/labs``.

    Raises:
        CourseError: the file is missing, or says something that cannot be.
    """
    if not path.exists():
        hint = "name the course's folder with --course PATH, or write the file"
        raise CourseError.at(path, 1, f"there is no course file; {hint}")
    top = read_toml(path).expect(_COURSE)
    lab_ids = _labs_on_disk(root / "labs")
    zone = _zone(top)
    assignments = _assignments(top, zone, lab_ids)
    if "assessment" in top:
        check_assessment(top, sum(assignment.weight for assignment in assignments))
    return Course(
        id=top.identifier("id"),
        title=top.text("title"),
        term=top.text("term"),
        timezone=zone.key,
        lectures=_lectures(top),
        assignments=assignments,
        lab_ids=lab_ids,
        root=root,
    )


def _labs_on_disk(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in folder.glob("*/lab.toml")))


def _zone(top: Table) -> ZoneInfo:
    name = top.text("timezone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        known = available_timezones()
    if not known:
        raise top.error("this machine has no time zones; install the package tzdata", "timezone")
    raise top.error(f"there is no time zone {name!r}; {_nearest(name, known)}", "timezone")


def _nearest(zone: str, known: Collection[str]) -> str:
    hint = suggest(zone, known)
    return hint if hint.startswith("did") else "write one like 'Asia/Shanghai'"


def _lectures(top: Table) -> tuple[Lecture, ...]:
    tables = top.tables("lecture", _LECTURE)
    for table, id in zip(tables, unique(tables, "lecture"), strict=True):
        if not _LECTURE_ID.fullmatch(id):
            raise table.error(f"'id' cannot be {id!r}; use letters, digits, '_' and '-'", "id")
    return tuple(Lecture(t.text("id"), t.text("title"), _day(t)) for t in tables)


def _day(table: Table) -> date:
    value = table.moment("date")
    if isinstance(value, datetime):
        raise table.error("'date' must be a day, without a time; cut the time off", "date")
    return value


def _assignments(top: Table, zone: ZoneInfo, on_disk: Collection[str]) -> tuple[Assignment, ...]:
    tables = top.tables("assignment", _ASSIGNMENT)
    unique(tables, "assignment")
    found = tuple(_assignment(table, zone, on_disk) for table in tables)
    total = sum(assignment.weight for assignment in found)
    if total > 1 + ROUNDING:
        raise tables[-1].error(
            f"the assignments weigh {total:g} together, more than 1; lower a weight", "weight"
        )
    return found


def _assignment(table: Table, zone: ZoneInfo, on_disk: Collection[str]) -> Assignment:
    released = _moment(table, "released", zone, _DAY_BEGINS)
    due = _moment(table, "due", zone, _DAY_ENDS)
    if due <= released:
        message = f"due {due:%Y-%m-%d %H:%M} is not after released {released:%Y-%m-%d %H:%M}"
        raise table.error(f"{message}; change one", "due")
    return Assignment(
        id=table.identifier("id"),
        title=table.text("title"),
        weight=table.number("weight", most=1),
        labs=_shares(table, on_disk),
        released=released,
        due=due,
    )


def _moment(table: Table, key: str, zone: ZoneInfo, of_day: time) -> datetime:
    """A moment with a time zone; a bare date means its beginning, or its end for ``due``."""
    value = table.moment(key)
    if not isinstance(value, datetime):
        value = datetime.combine(value, of_day)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _shares(table: Table, on_disk: Collection[str]) -> dict[str, float]:
    labs = table.table("labs")
    shares = {lab: labs.number(lab, most=1) for lab in labs}
    if not shares:
        raise table.error("the assignment has no lab; write labs = { <lab> = 1.0 }", "labs")
    if abs(sum(shares.values()) - 1) > ROUNDING:
        total = sum(shares.values())
        raise table.error(f"the shares of 'labs' add up to {total:g}; make it 1", "labs")
    for lab in shares:
        if lab not in on_disk and not table.flag("planned"):
            hint = f"{suggest(lab, on_disk)} (or write planned = true until the lab exists)"
            raise labs.error(f"there is no lab {lab!r} under labs/; {hint}", lab)
    return shares

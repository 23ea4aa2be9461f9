"""What is known of a lab before anything is checked: its ``lab.json``, else its ``pytest.ini``.

Both lie in the student's folder, who may have changed or removed them. What has not the form that
the panel shows is left out as a whole.
"""

import json
from configparser import ConfigParser
from configparser import Error as IniError
from datetime import datetime
from pathlib import Path
from typing import Any

CARD = "lab.json"  # made by `autograder lab release`
_INI = "pytest.ini"  # of every starter
_OPTIONAL_TEXT = (str, type(None))
_LAB = {"id": str, "title": str, "version": str, "assignment": _OPTIONAL_TEXT, "exercises": list}
_COURSE = {"title": str, "term": str}
_EXERCISE = {"id": str, "title": str, "points": (int, float), "bonus": bool}


def read_card(folder: Path) -> dict[str, Any]:
    """Return course, assignment, due date, id, title, version and exercises of a lab.

    Without a sound card there are no course, dates and points.
    """
    try:
        return _sound(json.loads((folder / CARD).read_bytes()))
    except (OSError, ValueError, RecursionError):
        return _without(folder)


def _sound(card: Any) -> dict[str, Any]:
    """Return what is shown of `card`. Raises ValueError where it cannot be shown."""
    told = _picked(card, _LAB)
    exercises = [_picked(one, _EXERCISE) for one in told["exercises"]]
    if not all(0 <= one["points"] < float("inf") for one in exercises):
        raise ValueError("JSON knows no such points")
    course, due = card.get("course"), card.get("due")
    return told | {
        "course": None if course is None else _picked(course, _COURSE),
        "due": None if due is None else datetime.fromisoformat(str(due)).isoformat(),
        "exercises": exercises,
    }


def _picked(value: Any, form: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("this should be an object")
    for name, kind in form.items():
        if not isinstance(value.get(name), kind):
            raise ValueError(f"{name} is not what is shown there")
    return {name: value.get(name) for name in form}


def _without(folder: Path) -> dict[str, Any]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(folder / _INI, encoding="utf-8")
    except (OSError, IniError, UnicodeDecodeError):
        parser = ConfigParser()
    ids = parser.get("lab", "exercises", fallback="").split()
    return {
        "course": None,
        "assignment": None,
        "due": None,
        "id": parser.get("lab", "id", fallback=folder.name),
        "title": folder.name,
        "version": parser.get("lab", "version", fallback=""),
        "exercises": [{"id": id, "title": id} for id in ids],
    }

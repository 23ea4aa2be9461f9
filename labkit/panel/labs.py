"""The labs that lie below a Jupyter server's folder, as the panel shows them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.notebook.last_check import recall

_CARD = "lab.json"  # made by `autograder lab release`; what it says is shown, never believed


def find_labs(root: Path) -> dict[str, Path]:
    """Return the lab folders at `root`, and one and two levels below it, by relative name.

    A link that leads out of `root` is left out, and so is what is hidden.
    """
    top = root.resolve()
    found = {}
    for folder in _folders(top):
        inside = folder.resolve().is_relative_to(top)
        if inside and (folder / "probes.py").is_file() and (folder / "tests").is_dir():
            found[folder.relative_to(top).as_posix()] = folder
    return found


def _folders(top: Path) -> Iterator[Path]:
    yield top
    for pattern in ("*", "*/*"):
        for path in sorted(top.glob(pattern)):
            hidden = any(part.startswith(".") for part in path.relative_to(top).parts)
            if not hidden and path.is_dir():
                yield path


def described(name: str, folder: Path) -> dict[str, Any]:
    """Return what the panel shows of the lab in `folder`, called `name` by the server."""
    card = _card(folder)
    last = recall(folder)
    exercises = card.get("exercises") or [{"id": id, "title": id} for id in last]
    lab = str(card.get("id") or folder.name)
    return {
        "path": name,
        "id": lab,
        "title": str(card.get("title") or folder.name),
        "version": str(card.get("version") or ""),
        "course": card.get("course"),
        "assignment": card.get("assignment"),
        "due": card.get("due"),
        "exercises": [{**one, "last": last.get(one.get("id"))} for one in exercises],
        "handout": _there(name, folder, folder / "README.md"),
        "notebook": _there(name, folder, folder / f"{lab}.ipynb"),
        "report": _there(name, folder, _newest_report(folder)),
    }


def _card(folder: Path) -> dict[str, Any]:
    """Return what ``lab.json`` says; a student may have changed or removed it."""
    try:
        card = json.loads((folder / _CARD).read_bytes())
    except (OSError, ValueError):
        return {}
    sound = isinstance(card, dict) and all(
        isinstance(one, dict) and isinstance(one.get("id"), str)
        for one in card.get("exercises") or []
    )
    return card if sound else {}


def _newest_report(folder: Path) -> Path | None:
    """Return the page that nbgrader fetched last, if there is one."""
    pages = folder.glob("feedback/**/*.html")
    return max(pages, key=lambda page: page.stat().st_mtime, default=None)


def _there(name: str, folder: Path, file: Path | None) -> str | None:
    """Return what the server calls `file`, if it is there."""
    if file is None or not file.is_file():
        return None
    inside = file.relative_to(folder).as_posix()
    return inside if name == "." else f"{name}/{inside}"

"""The labs that lie below a Jupyter server's folder, as the panel shows them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labkit.notebook.last_check import recall
from labkit.panel.card import read_card


def find_labs(root: Path) -> dict[str, Path]:
    """Return the lab folders at `root`, and one and two levels below it, by relative name.

    A link that leads out of `root` is left out, and so is what is hidden, or closed to us.
    """
    top = root.resolve()
    return {
        folder.relative_to(top).as_posix(): folder
        for folder in _folders(top)
        if _is_lab(folder) and folder.resolve().is_relative_to(top)
    }


def _folders(top: Path) -> Iterator[Path]:
    yield top
    for pattern in ("*", "*/*"):
        for path in sorted(top.glob(pattern)):
            if not any(part.startswith(".") for part in path.relative_to(top).parts):
                yield path


def _is_lab(folder: Path) -> bool:
    try:
        return (folder / "probes.py").is_file() and (folder / "tests").is_dir()
    except OSError:  # somebody else's, on a shared machine
        return False


def described(name: str, folder: Path) -> dict[str, Any]:
    """Return what the panel shows of the lab in `folder`, called `name` by the server."""
    card = read_card(folder)
    last = recall(folder)
    exercises = card["exercises"] or [{"id": id, "title": id} for id in last]
    return card | {
        "path": name,
        "exercises": [one | {"last": last.get(one["id"])} for one in exercises],
        "handout": _there(name, folder, folder / "README.md"),
        "notebook": _there(name, folder, folder / f"{Path(card['id']).name}.ipynb"),
        "report": _there(name, folder, _newest_report(folder)),
    }


def _newest_report(folder: Path) -> Path | None:
    """Return the page that nbgrader fetched last, if there is one."""
    pages = [page for page in folder.glob("feedback/**/*.html") if _is_file(page)]
    return max(pages, key=lambda page: page.stat().st_mtime, default=None)


def _there(name: str, folder: Path, file: Path | None) -> str | None:
    """Return what the server calls `file`, if it is there."""
    if file is None or not _is_file(file):
        return None
    inside = file.relative_to(folder).as_posix()
    return inside if name == "." else f"{name}/{inside}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # closed to us, or no possible name
        return False

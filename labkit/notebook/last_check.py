"""What the last check of each exercise found, kept in the lab's folder for the panel."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

_PLACE = Path(".labkit", "last-check.json")
_FORM = {"tests": int, "passed": int, "outcome": str, "time": str}


def remember(folder: Path, document: Mapping[str, Any]) -> None:
    """Keep what `autograder check` found: of the exercises it tried, in place of what was known.

    Where nothing can be written, nothing is kept.
    """
    known = recall(folder)
    time = datetime.now().astimezone().isoformat(timespec="seconds")
    for exercise in dict.fromkeys(report["exercise"] for report in document["tests"]):
        outcomes = [r["outcome"] for r in document["tests"] if r["exercise"] == exercise]
        known[exercise] = {
            "tests": len(outcomes),
            "passed": outcomes.count("pass"),
            "outcome": next((o for o in outcomes if o != "pass"), "pass"),
            "time": time,
        }
    with suppress(OSError):
        _write(folder / _PLACE, json.dumps(known))


def recall(folder: Path) -> dict[str, dict[str, Any]]:
    """Return by exercise what the last check found: tests, passed, outcome, time."""
    try:
        known = json.loads((folder / _PLACE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {id: found for id, found in known.items() if _sound(found)}


def _sound(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(found.get(n), k) for n, k in _FORM.items())


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)

"""``labs/<lab>/equivalent.toml``: generated mutants that no test can kill, and why.

[[equivalent]]
file = "autograd/engine.py"
function = "backward"
before = "about = n + 1"
after = "about = n - 1"
reason = "only the message of an error changes"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.model import Lab
from autograder.plugins import suggest

TRIAGE_FILE = "equivalent.toml"
_KEYS = ("file", "function", "before", "after", "reason")


@dataclass(frozen=True)
class Equivalent:
    """A change that leaves the program as right as it was."""

    file: str
    function: str
    before: str
    after: str
    reason: str

    @property
    def change(self) -> tuple[str, str, str, str]:
        """What it is matched by."""
        return self.file, self.function, self.before, self.after


def load_triage(lab: Lab) -> tuple[Equivalent, ...]:
    """Return the entries of the lab's triage file; none where there is no file.

    Raises:
        CourseError: the file is not TOML, or an entry lacks something, such as a reason.
    """
    path = lab.path / TRIAGE_FILE
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError.at(path, 1, f"this is not TOML: {error}") from None
    if table.keys() - {"equivalent"} or not isinstance(table.get("equivalent", []), list):
        raise CourseError.at(path, 1, "write [[equivalent]] tables, and nothing else")
    return tuple(_entry(path, n, entry) for n, entry in enumerate(table.get("equivalent", []), 1))


def _entry(path: Path, number: int, table: dict[str, Any]) -> Equivalent:
    for key in table:
        if key not in _KEYS:
            message = f"entry {number} has an unknown key {key!r}; {suggest(key, _KEYS)}"
            raise CourseError.at(path, 1, message)
    for key in _KEYS:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise CourseError.at(path, 1, f"entry {number} has no {key}; write it as a string")
    return Equivalent(**table)

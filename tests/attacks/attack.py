"""What an attack is, as its folder and `attack.toml` say."""

import functools
import platform
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COURSE = HERE / "course"
HONEST = HERE / "honest"
SECRET = "271828"  # the number that only hidden tests know: no student may ever see it
CATEGORIES = (
    "forge_score",
    "read_hidden_tests",
    "timing_hack",
    "resource_exhaustion",
    "escape",
    "exfiltration",
    "flake_exploitation",
    "cross_submission_contamination",
)


@dataclass(frozen=True, eq=False)
class Attack:
    """One attack: a submission (and perhaps an accomplice handed in after it)."""

    folder: Path
    id: str  # of the catalogue of attacks
    title: str
    weakened: Mapping[str, Any]  # naive = grader | sandbox = "none" | wall = switch; without; proof
    real: Mapping[str, Any]  # outcomes allowed
    lab: str = "target"
    archive: str | None = None  # of `archives`: the submission is a zip
    machine: str | None = None  # it holds machine code or call numbers of this architecture
    set: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # @NAME@ -> number, per side

    @property
    def foreign(self) -> bool:
        """Whether it was written for another processor."""
        return self.machine not in (None, platform.machine())

    def files(self, tokens: Mapping[str, str], part: str = ".") -> dict[str, bytes]:
        """The submission's files below `part`, with every ``@NAME@`` of `tokens` replaced."""
        found = {}
        for path in sorted((self.folder / part).rglob("*")):
            name = path.relative_to(self.folder / part).as_posix()
            aside = name == "attack.toml" or "__pycache__" in name or name.startswith("then/")
            if path.is_file() and not aside:
                data = path.read_bytes()
                for token, text in tokens.items():
                    data = data.replace(f"@{token}@".encode(), text.encode())
                found[name] = data
        return found


@functools.cache
def attacks() -> tuple[Attack, ...]:
    """Every attack, in the catalogue's order."""
    return tuple(
        Attack(path.parent, **tomllib.loads(path.read_text()))
        for category in CATEGORIES
        for path in sorted((HERE / category).glob("*/attack.toml"))
    )


def honest(lab: str) -> dict[str, bytes]:
    """The files of the honest submission for `lab`."""
    return {path.name: path.read_bytes() for path in (HONEST / lab).glob("*.*")}

"""Dockerfiles as lists of instructions."""

import re
from pathlib import Path
from typing import NamedTuple

from tests.images.engine import ROOT

FILES = sorted((ROOT / "docker").glob("*.Dockerfile"))


class Instruction(NamedTuple):
    """One instruction, on however many lines it stands."""

    word: str
    rest: str
    comment: str  # what stands above it


def read(path: Path) -> list[Instruction]:
    """Return the instructions of the file `path`."""
    found, comment, open_line = [], [], ""
    for line in path.read_text().splitlines():
        if not open_line and line.startswith("#"):
            comment.append(line.lstrip("# "))
            continue
        open_line += line.removesuffix("\\")
        if line.endswith("\\") or not open_line.strip():
            continue
        word, rest = open_line.split(maxsplit=1)
        found.append(Instruction(word, re.sub(r"\s+", " ", rest).strip(), " ".join(comment)))
        comment, open_line = [], ""
    return found


def stages(path: Path) -> list[list[Instruction]]:
    """Return the instructions of `path`, those before the first FROM among the first stage's."""
    parts: list[list[Instruction]] = [[]]
    for each in read(path):
        if each.word == "FROM" and any(i.word == "FROM" for i in parts[-1]):
            parts.append([])
        parts[-1].append(each)
    return parts

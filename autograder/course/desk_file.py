"""A starter's pytest.ini: how plain `pytest` runs there, and what `check` must know of the lab."""

from configparser import ConfigParser
from configparser import Error as IniError
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Lab

NAME = "pytest.ini"
_TEXT = """\
# Generated. Plain `pytest` in this folder runs the public tests, in the same process as your code.
[pytest]
addopts = -q -p autograder.judge.local -p no:cacheprovider
testpaths = tests

[lab]
id = {id}
version = {version}
exercises = {exercises}
files = {files}
"""


@dataclass(frozen=True)
class DeskFile:
    """What a student's folder says of its lab."""

    id: str  # the folder's name where it does not say
    version: str  # may be empty
    exercises: tuple[str, ...]  # ids in the handout's order; may be empty
    files: tuple[str, ...]  # patterns of what is handed in; may be empty


def desk_file(lab: Lab) -> bytes:
    """Return the pytest.ini of the starter of `lab`."""
    exercises = " ".join(exercise.id for exercise in lab.exercises)
    files = " ".join(lab.files)
    return _TEXT.format(id=lab.id, version=lab.version, exercises=exercises, files=files).encode()


def read_desk_file(folder: Path) -> DeskFile:
    """Return what the pytest.ini in `folder` says; a student may have changed or removed it."""
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(folder / NAME, encoding="utf-8")
    except (IniError, UnicodeDecodeError):
        parser = ConfigParser()
    return DeskFile(
        id=parser.get("lab", "id", fallback=folder.name),
        version=parser.get("lab", "version", fallback=""),
        exercises=tuple(parser.get("lab", "exercises", fallback="").split()),
        files=tuple(parser.get("lab", "files", fallback="").split()),
    )

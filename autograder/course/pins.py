"""``labs/requirements.txt``: the packages a student installs beside ours, each to the version."""

import re
from pathlib import Path

from autograder.course.tree import decode
from autograder.errors import CourseError

_PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[0-9][A-Za-z0-9.+!]*)")


def read_pins(data: bytes, path: Path) -> dict[str, str]:
    """Return name and version of each line of `data`, the content of the file `path`.

    Raises:
        CourseError: a line is neither blank, nor a comment, nor an exact version.
    """
    pins = {}
    for number, line in enumerate(decode(data, path).splitlines(), 1):
        if not (text := line.partition("#")[0].strip()):
            continue
        if not (pin := _PIN.fullmatch(text)):
            message = f"{text!r} is no exact version, so students would get different ones"
            raise CourseError.at(path, number, f"{message}; write it like numpy==2.4.6")
        pins[pin["name"]] = pin["version"]
    return pins

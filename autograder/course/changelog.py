"""``labs/<lab>/CHANGELOG.md``: what changed in a lab, newest version first, for students."""

import re
from pathlib import Path

from autograder.course.tree import decode
from autograder.errors import CourseError

_HEADING = re.compile(r"##\s+(?P<version>\S+).*")


def check_changelog(data: bytes, path: Path, version: str) -> None:
    """Check that the newest heading in `data`, the content of the file `path`, is `version`.

    Raises:
        CourseError: at that heading, or where there is none.
    """
    for number, line in enumerate(decode(data, path).splitlines(), 1):
        if heading := _HEADING.fullmatch(line):
            if heading["version"] != version:
                message = f"the newest version here is {heading['version']}, but lab.toml says"
                raise CourseError.at(path, number, f"{message} {version}; make them agree")
            return
    message = "no version has a heading here; begin what is newest with"
    raise CourseError.at(path, 1, f"{message} '## {version}'")

"""Zips that attack whoever unpacks them. Built when needed: no such file lies in the repository."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

_UP = "../" * 12  # enough to be at the root
BOMB_BYTES = 100 << 20


def traversal(archive: zipfile.ZipFile, mark: Path) -> None:
    """A member whose name leads out of the folder it is unpacked into."""
    archive.writestr(f"{_UP}{str(mark)[1:]}/escaped/answer.py", "")


def absolute(archive: zipfile.ZipFile, mark: Path) -> None:
    """A member with an absolute name."""
    archive.writestr(f"{mark}/escaped/answer.py", "")


def symlink(archive: zipfile.ZipFile, mark: Path) -> None:
    """A symbolic link to a folder outside, and a member below it."""
    link = zipfile.ZipInfo("out")
    link.external_attr = 0o120777 << 16
    archive.writestr(link, str(mark))
    archive.writestr("out/escaped/answer.py", "")


def bomb(archive: zipfile.ZipFile, mark: Path) -> None:
    """A member that is a thousand times as large unpacked."""
    with archive.open("answer.py", "w") as member:
        for _ in range(BOMB_BYTES >> 20):
            member.write(bytes(1 << 20))


def nested(archive: zipfile.ZipFile, mark: Path) -> None:
    """An archive in an archive, for those who unpack what they find."""
    archive.writestr("answer.py", "def guess():\n    return 0\n")
    inner = Path(os.fspath(archive.filename) + ".inner.zip")
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as nested_in:
        bomb(nested_in, mark)
    archive.write(inner, "more.zip")
    inner.unlink()


BUILDERS: dict[str, Callable[[zipfile.ZipFile, Path], None]] = {
    "traversal": traversal,
    "absolute": absolute,
    "symlink": symlink,
    "bomb": bomb,
    "nested": nested,
}


def build(name: str, path: Path, mark: Path) -> Path:
    """Write the archive `name` to `path`; its goal is a folder ``escaped`` in `mark`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        BUILDERS[name](archive, mark)
    return path

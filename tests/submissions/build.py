"""Submissions that git cannot hold, or should not: built into a copy of the corpus."""

import zipfile
from pathlib import Path

_MIB = 1 << 20


def empty_folder(batch: Path) -> None:
    """A folder with nothing in it."""
    (batch / "empty_folder").mkdir()


def zip_traversal(batch: Path) -> None:
    """A zip with a name that leads out of it."""
    with zipfile.ZipFile(batch / "zip_traversal.zip", "w") as archive:
        archive.writestr("autograd/__init__.py", "")
        archive.writestr("../../autograd/escaped.py", "")


def zip_bomb(batch: Path) -> None:
    """A zip of 60 KiB with 60 MiB in it."""
    with (
        zipfile.ZipFile(batch / "zip_bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("autograd/__init__.py", "w") as member,
    ):
        for _ in range(60):
            member.write(b"#" * _MIB)


BUILT = {"empty_folder": empty_folder, "zip_traversal": zip_traversal, "zip_bomb": zip_bomb}

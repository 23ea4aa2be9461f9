"""Zips that are the same bytes for the same files."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

_EPOCH = (2025, 1, 1, 0, 0, 0)


def write_zip(target: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    """Write `files` to the zip `target`. Raises OSError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(str(name), _EPOCH), data, zipfile.ZIP_DEFLATED)

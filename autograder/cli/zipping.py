"""Zips that are the same bytes for the same files."""

import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

_EPOCH = (2025, 1, 1, 0, 0, 0)


def write_zip(
    target: Path, files: Mapping[PurePosixPath, bytes], programs: Collection[str] = ()
) -> None:
    """Write `files` to the zip `target`; those in `programs` can be run. Raises OSError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(str(name), _EPOCH)
            entry.external_attr = (0o700 if str(name) in programs else 0o600) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)

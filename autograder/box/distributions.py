"""Installed distributions: what one requires, and which files are its own."""

import importlib.metadata
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import InfraError

_METADATA = (".dist-info", ".egg-info")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def closure(names: Iterable[str]) -> list[str]:
    """Return the normalised names of the distributions `names`, and of all that they require.

    Raises:
        InfraError: one of `names` is not installed on this machine.
    """
    found: dict[str, None] = {}
    for name in names:
        if not _installed(name):
            raise InfraError(
                f"the lab needs the package {name!r}, which is not installed for "
                f"{sys.executable}: install it there (pip install {name})"
            )
        _require(name, found)
    return list(found)


def roots(name: str) -> list[tuple[str, Path]]:
    """Return the topmost files and folders that belong to one distribution alone, by their name."""
    distribution = importlib.metadata.distribution(name)
    base = Path(str(distribution.locate_file("")))
    found = {_root(base, file.parts) for file in distribution.files or () if file.parts[0] != ".."}
    return [
        (root, base / root)
        for root in sorted(found)
        if not root.startswith("__pycache__") and (base / root).exists()
    ]


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _require(name: str, found: dict[str, None]) -> None:
    """Add `name` and what it requires; what is not installed was not needed on this platform."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found or not _installed(name):
        return
    found[key] = None
    for line in importlib.metadata.requires(name) or ():
        requirement, _, marker = line.partition(";")
        if "extra" not in marker and (match := _NAME.match(requirement.strip())):
            _require(match[0], found)


def _root(base: Path, parts: tuple[str, ...]) -> str:
    top = base / parts[0]
    if len(parts) == 1 or top.name.endswith(_METADATA) or (top / "__init__.py").exists():
        return parts[0]
    # A namespace package (or a folder of libraries): others may have their part in it.
    return "/".join(parts[:2])

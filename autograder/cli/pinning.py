"""What is installed here, as exact versions: the same judge elsewhere."""

from collections.abc import Iterable, Mapping
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.errors import InfraError

_OURS = "systems-for-ai"


def installed(packages: Iterable[str], *, extra: str) -> dict[str, str]:
    """Return the version of each package that we with `extra`, and `packages`, need here; sorted.

    We ourselves are not among them.

    Raises:
        InfraError: one of them is not installed.
    """
    found: dict[str, str] = {}
    _add(Requirement(f"{_OURS}[{extra}]"), found)
    for name in packages:
        _add(Requirement(name), found)
    del found[_OURS]
    return dict(sorted(found.items()))


def pinned(versions: Mapping[str, str], firm: Mapping[str, str]) -> bytes:
    """Return a requirements.txt of `versions`; where `firm` names a package, that version holds."""
    chosen = {canonicalize_name(name): version for name, version in firm.items()}
    lines = [f"{name}=={version}" for name, version in sorted((dict(versions) | chosen).items())]
    return ("\n".join(lines) + "\n").encode()


def _add(wanted: Requirement, found: dict[str, str]) -> None:
    name = canonicalize_name(wanted.name)
    if name in found and not wanted.extras:
        return
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise InfraError(f"{name} is not installed here, so its version is not known") from None
    found[name] = distribution.version.partition("+")[0]  # a local build is on no index
    for line in distribution.requires or ():
        needed = Requirement(line)
        if _applies(needed, wanted.extras):
            _add(needed, found)


def _applies(needed: Requirement, extras: Iterable[str]) -> bool:
    marker = needed.marker
    return marker is None or any(marker.evaluate({"extra": each}) for each in ("", *extras))

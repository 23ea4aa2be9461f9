"""What an image holds for boxes, as the driver in one finds it; imports nothing of ours.

`furnish` wrote it. Each package lies in a folder of its own that belongs to a group of its own:
only a driver that gives its children that group lets them read it, so that what a lab does not
list is as good as not there. The same holds for the parts of a compiler, where the system has them.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

_BOX = Path("/box")
_PLACES = ("probes", "submission")  # file systems of the box's own; what is placed lies in them


class Furniture(NamedTuple):
    """What there is for the packages asked for."""

    path: list[str]  # to import them from
    groups: list[int]  # that may use them
    told: dict[str, Any]  # to the host: ``versions`` (name -> version), ``source`` (see `furnish`)


def find(names: Sequence[str], compilers: Sequence[str] = (), box: Path = _BOX) -> Furniture:
    """Return where in the image the packages `names` lie, with all they require.

    Raises:
        ValueError: the image does not hold one, or one of `compilers`; the message says so.
    """
    manifest = json.loads((box / "manifest.json").read_text())
    known: Mapping[str, Any] = manifest["packages"]
    if absent := [name for name in names if name not in known]:
        raise ValueError(f"the image holds no package {', '.join(absent)}")
    compile = _compilers(manifest, compilers)
    closure = dict.fromkeys(part for name in names for part in known[name]["closure"])
    folders = [box / "packages" / part for part in closure]
    versions = manifest["platform"] | {name: known[name]["version"] for name in names}
    versions |= {name: v for each in compile for name, v in each["versions"].items()}
    closed = [*folders, *(Path(part) for each in compile for part in each["parts"])]
    return Furniture(
        path=[str(folder) for folder in folders],
        groups=sorted({path.stat().st_gid for path in closed}),
        told={"versions": versions, "source": manifest["source"]},
    )


def _compilers(manifest: Mapping[str, Any], names: Sequence[str]) -> list[Mapping[str, Any]]:
    known: Mapping[str, Any] = manifest["compilers"]
    if absent := [name for name in names if name not in known]:
        raise ValueError(f"the image holds no compiler {', '.join(absent)}")
    for name in names:
        built_for = known[name].get("processor", processor())
        if built_for != processor():
            raise ValueError(f"the image's {name} is for {built_for}, and this is {processor()}")
    return [known[name] for name in names]


def processor() -> str:
    """What decides which instructions `labkit.npu` lets a compiler use."""
    about = Path("/proc/cpuinfo")
    half = about.exists() and " f16c" in about.read_text()
    return f"{platform.machine()} with f16c" if half else platform.machine()


def place(files: Mapping[str, bytes], box: Path = _BOX) -> None:
    """Write `files`, by their names below `box`; whoever owns this process owns them.

    Raises:
        ValueError: a name leads to another place.
        OSError: there is no room.
    """
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if len(parts) < 2 or parts[0] not in _PLACES or ".." in parts:
            raise ValueError(f"nothing may be placed at {name!r}")
        path = box / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

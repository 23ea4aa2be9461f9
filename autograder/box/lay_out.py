"""Lays out, below a folder of this machine, what a box shows that has no file system of its own."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.box import layout
from autograder.box.berth import make_folder, write_files
from autograder.model import Needs


def lay_out(folder: Path, files: Mapping[PurePosixPath, bytes], needs: Needs) -> dict[str, object]:
    """Lay out below `folder` what a walled box shows; return the driver's configuration.

    Raises:
        InfraError: there is no room, or a package that is needed is not installed.
    """

    def inside(target: str) -> Path:
        return folder / target.lstrip("/")

    make_folder(folder / "box")
    write_files(inside(layout.SUBMISSION), files)
    write_files(inside(layout.PROBES), layout.probes(needs))
    for source, target in [*layout.packages(needs.packages), *layout.labkit()]:
        for parent in reversed(PurePosixPath(target).parents[:-2]):
            make_folder(inside(str(parent)))
        inside(target).symlink_to(source)
    (folder / "home").mkdir()
    return {
        "wall": None,
        "path": [str(inside(entry)) for entry in layout.SEARCH_PATH],
        "preload": [*layout.preload(needs.packages), *needs.preload],
        "probes": str(inside(layout.PROBES)),
        "submission": str(inside(layout.SUBMISSION)),
        "services": str(folder / "s"),  # short: a socket's path has 104 bytes at most
    }

"""The sandbox `none`: no wall at all, for one's own code only. Works wherever Python can fork."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path, PurePosixPath

from autograder.box import installed, layout
from autograder.box.base import Box
from autograder.box.berth import berth, write_files
from autograder.box.health import surroundings
from autograder.box.spawn import spawn
from autograder.model import Needs

_DRIVER = Path(__file__).with_name("driver.py")


class NoneSandbox:
    """Runs the same driver as a plain process of this user.

    Limits of time and memory hold as far as the platform has them; a process that leaves its
    session outlives its call. The packages are those of the lab, as behind a wall.
    """

    def available(self) -> str | None:
        """Return None where processes can be forked."""
        return None if hasattr(os, "fork") else "this needs a system with fork(): use WSL2"

    def versions(self, needs: Needs) -> dict[str, str]:
        """As `base.Sandbox.versions`: a box shows this machine's own."""
        return installed.versions(needs.packages)

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`, in a folder that is removed at the end."""
        with berth() as (_, folder):
            config = _furnish(folder, files, needs)
            environment = {
                "HOME": str(folder / "home"),
                "PATH": os.defpath,
                "PYTHONHASHSEED": "0",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                **(surroundings(needs.unit) if needs.device == "gpu" else {}),
            }
            argv = [sys.executable, *layout.ISOLATED, str(_DRIVER)]
            with closing(
                spawn(argv, config, environment=environment, folder=folder / "home")
            ) as box:
                yield box


def _packages(needs: Needs) -> tuple[str, ...]:
    """What a box holds; with a GPU also the parts of CUDA that are installed as packages."""
    if needs.device != "gpu":
        return needs.packages
    names = {distribution.name for distribution in metadata.distributions()}
    return (*needs.packages, *sorted(n for n in names if n.startswith(("nvidia-", "cuda-"))))


def _furnish(folder: Path, files: Mapping[PurePosixPath, bytes], needs: Needs) -> dict[str, object]:
    """Lay out below `folder` what a walled box shows; return the driver's configuration."""

    def inside(target: str) -> Path:
        return folder / target.lstrip("/")

    (folder / "box").mkdir()
    write_files(inside(layout.SUBMISSION), files)
    write_files(inside(layout.PROBES), layout.probes(needs))
    for source, target in [*layout.packages(_packages(needs)), *layout.labkit()]:
        inside(target).parent.mkdir(parents=True, exist_ok=True)
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

"""The sandbox `none`: no wall at all, for one's own code only. Works wherever Python can fork."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path, PurePosixPath

from autograder.box import compilers, installed, layout
from autograder.box.base import Box
from autograder.box.berth import berth
from autograder.box.health import surroundings
from autograder.box.lay_out import lay_out
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
        return installed.versions(needs)

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`, in a folder that is removed at the end."""
        compilers.binds(needs.compilers)  # they are there, or the lab cannot be graded here
        with berth() as (_, folder):
            compilers.check_scratch(needs.compilers, folder)
            config = lay_out(folder, files, replace(needs, packages=_packages(needs)))
            environment = {
                "HOME": str(folder / "home"),
                "PATH": os.defpath,
                "PYTHONHASHSEED": "0",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                **compilers.environment(needs.compilers, fixed=False),
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

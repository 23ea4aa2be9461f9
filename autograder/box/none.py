"""The sandbox `none`: no wall at all, for one's own code only. Works wherever Python can fork."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

from autograder.box import layout
from autograder.box.base import Box
from autograder.box.berth import berth
from autograder.box.furnish import furnish
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

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`, in a folder that is removed at the end."""
        with berth() as (_, folder):
            config = furnish(folder, files, needs)
            environment = {
                "HOME": str(folder / "home"),
                "PATH": os.defpath,
                "PYTHONHASHSEED": "0",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            }
            argv = [sys.executable, *layout.ISOLATED, str(_DRIVER)]
            with closing(
                spawn(argv, config, environment=environment, folder=folder / "home")
            ) as box:
                yield box

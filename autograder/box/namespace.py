"""The sandbox `namespace`: bubblewrap, as root or as an ordinary user, on Linux."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.box import bubblewrap, compilers, installed, layout
from autograder.box.base import Box
from autograder.box.berth import berth, write_files
from autograder.box.diagnosis import why_not
from autograder.box.layout import Bind
from autograder.box.spawn import spawn
from autograder.box.wall import Wall
from autograder.errors import InfraError
from autograder.model import Needs

__all__ = ["NamespaceSandbox", "Wall"]

_FIRST_UID = 200_000


class NamespaceSandbox:
    """Walls a box in with Linux namespaces. Any number may be open at once, in any process.

    A box dies with the thread that opened it.
    """

    def __init__(self, wall: Wall = Wall()) -> None:  # noqa: B008  (frozen)
        """Use `wall`; only tests weaken it."""
        self._wall = wall

    def available(self) -> str | None:
        """Open a real box, once per process: None if that works, else why not and what to do."""
        return _probe()

    def versions(self, needs: Needs) -> dict[str, str]:
        """As `base.Sandbox.versions`: a box shows this machine's own."""
        return installed.versions(needs)

    @contextmanager
    def open(self, files: Mapping[PurePosixPath, bytes], needs: Needs) -> Iterator[Box]:
        """Open a box, as `base.Sandbox.open`."""
        wall = self._wall
        with berth() as (number, folder):
            write_files(folder / "submission", files)
            write_files(folder / "probes", layout.probes(needs))
            binds = [
                *self._packages(needs),
                *layout.labkit(),
                *compilers.binds(needs.compilers),
                Bind(folder / "probes", layout.PROBES),
                Bind(folder / "submission", layout.SUBMISSION),
            ]
            argv = bubblewrap.command(wall, binds, needs.compilers)
            environment = {} if wall.clean_env else dict(os.environ)
            config = _config(wall, number, needs)
            with (
                closing(spawn(argv, config, environment=environment)) as box,
                _killed_in_the_end(box.launcher.pid),
            ):
                yield box

    def _packages(self, needs: Needs) -> Sequence[Bind]:
        if self._wall.only_needed:
            return layout.packages(needs.packages)
        return layout.all_packages()


@contextmanager
def _killed_in_the_end(launcher: int) -> Iterator[None]:
    """Make sure that the driver ends: as another user it does not die with its launcher.

    With it, process 1 of its namespace, ends everything in the box.
    """
    try:
        children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
        handles = [os.pidfd_open(int(child)) for child in children]
    except OSError:  # it has ended already, or the kernel does not list children
        handles = []
    try:
        yield
    finally:
        for handle in handles:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)


def _config(wall: Wall, number: int, needs: Needs) -> dict[str, Any]:
    """What the driver is told; see `serving.prepare`."""
    return {
        "wall": wall.inside(_FIRST_UID + number if os.geteuid() == 0 else None),
        "path": list(layout.SEARCH_PATH),
        "preload": [*layout.preload(needs.packages), *needs.preload],
        "probes": layout.PROBES,
        "submission": layout.SUBMISSION,
        "services": "/tmp/services",
    }


@cache
def _probe() -> str | None:
    if sys.platform != "linux":
        return "namespaces are a feature of Linux: grade on a Linux machine, or in WSL2"
    try:
        with NamespaceSandbox().open({}, Needs(packages=(), probes=b"")):
            return None
    except InfraError as error:
        return why_not(str(error))

"""Services: processes of ours that run outside every box, and answer student code in one."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.box.base import SERVICES
from autograder.box.berth import berth
from autograder.errors import InfraError
from autograder.plugins import suggest

_SOURCE = str(Path(autograder.__file__).parents[1])


@dataclass
class AttachedService:
    """A service as the box sees it; see `base.Service`."""

    name: str
    path: str


class ServiceProcess:
    """One running service, alone in a process; `close` it."""

    def __init__(self, name: str) -> None:
        """Start the service `name` of base.SERVICES.

        Raises:
            InfraError: there is no such service, or it does not start.
        """
        if name not in SERVICES:
            raise InfraError(f"there is no service {name!r}; {suggest(name, SERVICES)}")
        self._place = ExitStack()  # a berth: what a killed judge leaves there, the next removes
        self._path = str(self._place.enter_context(berth()).folder / "socket")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.box.services", name, self._path],
            env={"PYTHONPATH": _SOURCE, "PATH": os.defpath},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.read(1) != b"+":
            self.close()
            raise InfraError(f"the service {name!r} does not start")

    def connect(self) -> socket.socket:
        """Return a new connection. Raises InfraError if the service has gone."""
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self._path)
        except OSError as error:
            connection.close()
            raise InfraError(f"a service has gone: {error}") from error
        return connection

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._place.close()

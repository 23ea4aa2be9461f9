"""Sockets in the box: where services of the host answer, and where servers under test do."""

import os
import socket
from contextlib import suppress
from pathlib import Path

from autograder.box import wire
from autograder.box.frames import Kind
from autograder.box.link import READ
from autograder.box.relay import Relays

_MOST_STREAMS = 64
_BACKLOG = 16


class Listeners:
    """What makes new streams on the driver's side."""

    def __init__(self, relays: Relays, folder: str) -> None:
        """Services listen at ``folder/<name>``."""
        self._relays = relays
        self._folder = Path(folder)
        self._open: dict[str, socket.socket] = {}
        self._next = 1

    def serve(self, name: str) -> str:
        """Listen for the service `name`; every connection becomes a stream. Returns the path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        path = self._folder / name
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
        self._open[name] = listener
        self._relays.loop.watch(listener, READ, lambda ready: self._accept(name))
        return str(path)

    def withdraw(self, name: str) -> None:
        """Listen for `name` no more."""
        if (listener := self._open.pop(name, None)) is None:
            return
        self._relays.loop.watch(listener, 0, lambda ready: None)
        listener.close()
        with suppress(OSError):
            (self._folder / name).unlink()

    def renew(self) -> None:
        """Listen again at every service's path, whatever has become of it."""
        for name in list(self._open):
            self.withdraw(name)
            self.serve(name)

    def close(self) -> None:
        """Listen no more."""
        for name in list(self._open):
            self.withdraw(name)

    def connect(self, stream: int, path: str) -> None:
        """Join `stream` to the socket `path` in the box; where nobody listens, end it."""
        local = socket.socket(socket.AF_UNIX)
        try:
            local.setblocking(False)
            local.connect(path)
        except OSError as error:
            local.close()
            why = os.strerror(error.errno) if error.errno else str(error)
            self._relays.link.send(stream, Kind.CONNECTED, wire.encode({"error": why}))
            return
        self._relays.link.send(stream, Kind.CONNECTED, wire.encode({"error": None}))
        self._relays.add(stream, local)

    def _accept(self, name: str) -> None:
        try:
            local, _ = self._open[name].accept()
        except OSError:
            return
        if len(self._relays) >= _MOST_STREAMS:
            return local.close()
        self._next += 2
        self._relays.link.send(self._next, Kind.ACCEPTED, wire.encode({"name": name}))
        self._relays.add(self._next, local)

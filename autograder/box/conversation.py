"""The host's end of the link to a driver: questions and answers, while streams move."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from socket import socket
from typing import Any

from autograder.box import wire
from autograder.box.frames import Frame, Kind
from autograder.box.link import Link, Loop, Unwrap
from autograder.box.relay import Relays
from autograder.errors import InfraError

_STREAM_KINDS = {Kind.DATA, Kind.ACK, Kind.END, Kind.CLOSE}


class Conversation:
    """Talks to one driver; single-threaded: things move only while a method here waits."""

    def __init__(self, reader: int, writer: int, unwrap: Unwrap | None = None) -> None:
        """Take over both descriptors (a socket: the same twice); for `unwrap` see `Link`."""
        self.failure = ""  # what the driver said before it ended
        self.timed_out = False  # an answer did not come in time
        self.services: dict[str, Callable[[], socket]] = {}  # name -> a new connection
        self._loop = Loop()
        self._link = Link(self._loop, reader, writer, unwrap)
        self._relays = Relays(self._loop, self._link)
        self._answers: deque[Frame] = deque()
        self._next_stream = 2

    @property
    def alive(self) -> bool:
        """Whether the driver still answers."""
        return not self._link.closed

    def ask(self, kind: Kind, question: Mapping[str, Any], seconds: float) -> Any:
        """Send a question; return the decoded answer, or None if there is none: then hang up."""
        self._link.send(0, kind, wire.encode(question))
        return self._answer(seconds)

    def connect(self, path: str, local: socket, seconds: float) -> None:
        """Join `local`, which is taken over, to the socket `path` in the box; else close it."""
        stream, self._next_stream = self._next_stream, self._next_stream + 2
        self._link.send(stream, Kind.CONNECT, wire.encode({"path": path}))
        answer = self._answer(seconds)
        if answer is None or answer["error"]:
            local.close()
        else:
            self._relays.add(stream, local)

    def pump(self, seconds: float) -> bool:
        """Move what there is to move, waiting `seconds` at most. False: the driver has gone."""
        if self.alive:
            self._loop.step(max(0.0, seconds))
        while self._link.frames:
            self._sort(self._link.frames.popleft())
        return self.alive

    def close(self) -> None:
        """Hang up; the driver ends then. Closing twice is harmless."""
        self._relays.close()
        self._link.close()
        self._loop.close()

    def _answer(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        while not self._answers:
            left = deadline - time.monotonic()
            if left <= 0:
                self.timed_out = True
                self._link.close()  # a late answer would be taken for another one's
            elif self.pump(left) or self._answers:
                continue
            return None
        frame = self._answers.popleft()
        return wire.decode(frame.payload)

    def _sort(self, frame: Frame) -> None:
        if frame.kind in _STREAM_KINDS:
            self._relays.handle(frame)
        elif frame.kind is Kind.ACCEPTED:
            self._accept(frame)
        elif frame.kind is Kind.FAILED:
            self.failure = str(wire.decode(frame.payload)["message"])
        else:
            self._answers.append(frame)

    def _accept(self, frame: Frame) -> None:
        """Student code connected to a service: connect to its process, or end the stream."""
        with suppress(InfraError, KeyError):
            local = self.services[wire.decode(frame.payload)["name"]]()
            self._relays.add(frame.stream, local)
            return
        self._link.send(frame.stream, Kind.CLOSE)

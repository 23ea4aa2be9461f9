"""One thread, many descriptors: an event loop, and frames on it. Both sides of the wall."""

import os
import selectors
from collections import deque
from collections.abc import Callable
from typing import Any

from autograder.box.frames import Frame, Kind, Splitter, pack
from autograder.box.plain import WireError

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_CHUNK = 1 << 18

React = Callable[[int], None]
Unwrap = Callable[[bytes], bytes]  # takes what else shares the connection out of what arrived


class Loop:
    """Calls back whoever waits for a descriptor."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._selector = selectors.DefaultSelector()

    def watch(self, file: Any, events: int, react: React) -> None:
        """Call `react` with what is ready (READ, WRITE) of `events`; with 0 events no more."""
        known = file in self._selector.get_map()
        if not events:
            if known:
                self._selector.unregister(file)
        elif known:
            self._selector.modify(file, events, react)
        else:
            self._selector.register(file, events, react)

    def step(self, seconds: float | None) -> None:
        """Wait until something is ready, or `seconds` at most, and call back."""
        for key, ready in self._selector.select(seconds):
            if key.fd in self._selector.get_map():  # an earlier one may have closed it
                key.data(ready)

    def close(self) -> None:
        """Forget everybody."""
        self._selector.close()


class Link:
    """Frames over a pair of descriptors (or one twice), without ever blocking.

    `closed` is set when the other side has gone or speaks nonsense.
    """

    def __init__(self, loop: Loop, reader: int, writer: int, unwrap: Unwrap | None = None) -> None:
        """Take over both descriptors."""
        self.frames: deque[Frame] = deque()
        self.closed = False
        self._loop = loop
        self._reader, self._writer = reader, writer
        self._unwrap = unwrap or (lambda data: data)
        self._splitter = Splitter()
        self._unsent: deque[memoryview] = deque()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._watch()

    def send(self, stream: int, kind: Kind, payload: bytes = b"") -> None:
        """Send a frame, or keep it until there is room; drop it if the other side has gone."""
        if self.closed:
            return
        self._unsent.append(memoryview(pack(Frame(stream, kind, payload))))
        self._write()
        self._watch()

    def flush(self) -> None:
        """Wait until all is sent, or the other side has gone."""
        while self._unsent and not self.closed:
            self._loop.step(None)

    def close(self) -> None:
        """Close both descriptors; closing twice is harmless."""
        if self._reader < 0:
            return
        self.closed = True
        self._watch()
        for file in {self._reader, self._writer}:
            os.close(file)
        self._reader = self._writer = -1

    def _watch(self) -> None:
        reading = 0 if self.closed else READ
        writing = WRITE if self._unsent and not self.closed else 0
        if self._reader == self._writer:
            self._loop.watch(self._reader, reading | writing, self._react)
        else:
            self._loop.watch(self._reader, reading, self._react)
            self._loop.watch(self._writer, writing, self._react)

    def _react(self, ready: int) -> None:
        if ready & WRITE:
            self._write()
        if ready & READ:
            self._read()
        self._watch()

    def _read(self) -> None:
        try:
            data = os.read(self._reader, _CHUNK)
            self.frames.extend(self._splitter.feed(self._unwrap(data)))
        except BlockingIOError:
            return
        except (OSError, WireError):
            data = b""
        self.closed |= not data

    def _write(self) -> None:
        try:
            while self._unsent:
                sent = os.write(self._writer, self._unsent[0])
                if sent < len(self._unsent[0]):
                    self._unsent[0] = self._unsent[0][sent:]
                else:
                    self._unsent.popleft()
        except BlockingIOError:
            return
        except OSError:
            self.closed = True
            self._unsent.clear()

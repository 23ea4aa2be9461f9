"""A byte stream into a box, in the hands of a test."""

import socket
import time
from collections.abc import Callable


class RelayedStream:
    """A `base.Stream` whose bytes move while its own methods wait."""

    def __init__(self, local: socket.socket, pump: Callable[[float], bool], seconds: float) -> None:
        """Use one end of a socket pair; `pump` moves what is in the other.

        Args:
            local: taken over.
            pump: waits so many seconds at most; False when nothing will ever come.
            seconds: how long one method waits before the stream counts as ended.
        """
        local.setblocking(False)
        self._local, self._pump, self._seconds = local, pump, seconds

    def send(self, data: bytes) -> None:
        """Send all of `data`; what nobody reads any more is dropped."""
        rest = memoryview(data)
        deadline = time.monotonic() + self._seconds
        while rest:
            try:
                rest = rest[self._local.send(rest) :]
            except BlockingIOError:
                if not self._wait(deadline):
                    return self.close()
            except OSError:
                return
        self._pump(0)

    def recv(self, limit: int = 65536) -> bytes:
        """Return 1..`limit` bytes, or ``b""`` at the end of the stream, or when time is up."""
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                return self._local.recv(limit)
            except BlockingIOError:
                if not self._wait(deadline):
                    self.close()
            except OSError:
                return b""

    def close(self) -> None:
        """Close both directions; closing twice is harmless."""
        self._local.close()
        self._pump(0)

    def _wait(self, deadline: float) -> bool:
        left = deadline - time.monotonic()
        return left > 0 and self._pump(left)

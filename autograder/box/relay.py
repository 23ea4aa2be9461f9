"""Byte streams over a link: a local socket here, its counterpart on the other side of the wall.

Runs on both sides. Each direction of each stream has a window: who has sent that much without
hearing that it went on stops reading its own socket, so one stuck stream costs a bounded buffer
and stops no other.
"""

import socket
import struct
from contextlib import suppress

from autograder.box.frames import Frame, Kind
from autograder.box.link import READ, WRITE, Link, Loop

WINDOW = 1 << 20  # bytes
_CHUNK = 1 << 16
_COUNT = struct.Struct(">I")


class Relays:
    """All open streams of one link."""

    def __init__(self, loop: Loop, link: Link) -> None:
        """No stream is open."""
        self.loop, self.link = loop, link
        self._open: dict[int, _Relay] = {}

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._open)

    def add(self, stream: int, local: socket.socket) -> None:
        """Join the socket `local`, which is taken over, to `stream`."""
        self._open[stream] = _Relay(self, stream, local)

    def handle(self, frame: Frame) -> None:
        """Act on a frame of a stream. One that has ended here is ignored: the news crossed."""
        if relay := self._open.get(frame.stream):
            relay.handle(frame.kind, frame.payload)

    def forget(self, stream: int) -> None:
        """The stream has ended."""
        self._open.pop(stream, None)

    def close(self) -> None:
        """End all streams; what the local sides had sent by now still goes out."""
        for relay in list(self._open.values()):
            relay.drain()
            relay.close()


class _Relay:
    """One stream."""

    def __init__(self, relays: Relays, stream: int, local: socket.socket) -> None:
        local.setblocking(False)
        self._relays, self._stream, self._local = relays, stream, local
        self._out = bytearray()  # for the local socket
        self._unacked = 0  # bytes sent over the link of which nothing was heard
        self._reading = True  # the local side may have more
        self._ended = False  # the other side has no more
        self._watch()

    def handle(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.DATA:
            self._out += payload
            if len(self._out) > 2 * WINDOW + _CHUNK:  # the other side does not keep the rules
                return self.close()
        elif kind is Kind.ACK and len(payload) == _COUNT.size:
            self._unacked -= _COUNT.unpack(payload)[0]
        elif kind is Kind.END:
            self._ended = True
        elif kind is Kind.CLOSE:
            self._ended, self._reading = True, False
        self._pass_on()

    def drain(self) -> None:
        """Send what the local side has sent, at most another window beyond what is allowed."""
        while self._reading and self._unacked < 2 * WINDOW and self._take():
            pass

    def close(self) -> None:
        """End the stream."""
        self._relays.loop.watch(self._local, 0, self._react)
        self._local.close()
        self._relays.link.send(self._stream, Kind.CLOSE)
        self._relays.forget(self._stream)

    def _react(self, ready: int) -> None:
        if ready & READ:
            self._take()
        self._pass_on()

    def _take(self) -> bool:
        """Pass on what the local side has sent. False: nothing, for now."""
        try:
            data = self._local.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            data, self._ended = b"", True
            self._out.clear()
        if data:
            self._unacked += len(data)
            self._relays.link.send(self._stream, Kind.DATA, data)
        else:
            self._reading = False
            self._relays.link.send(self._stream, Kind.END)
        return True

    def _pass_on(self) -> None:
        try:
            while self._out:
                sent = self._local.send(self._out)
                del self._out[:sent]
                self._relays.link.send(self._stream, Kind.ACK, _COUNT.pack(sent))
        except BlockingIOError:
            pass
        except OSError:
            return self.close()
        if self._ended and not self._out:
            if not self._reading:
                return self.close()
            with suppress(OSError):
                self._local.shutdown(socket.SHUT_WR)
        self._watch()

    def _watch(self) -> None:
        reading = READ if self._reading and self._unacked < WINDOW else 0
        self._relays.loop.watch(self._local, reading | (WRITE if self._out else 0), self._react)

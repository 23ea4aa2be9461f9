"""Frames: how calls and byte streams share one connection. Both sides of the wall."""

import struct
from enum import IntEnum
from typing import NamedTuple

from autograder.box.plain import MAX_BYTES, WireError

HEADER = struct.Struct(">IIB")  # bytes of payload, stream, kind


class Kind(IntEnum):
    """What a frame says. Payloads are encoded maps, except DATA's (raw bytes) and ACK's."""

    # host to driver, on stream 0
    CONFIG = 1  # the first frame
    CALL = 2
    OPEN_SESSION = 3
    CLOSE_SESSION = 4
    SERVE = 5  # listen for a service of the host
    WITHDRAW = 6  # stop listening
    CONNECT = 7  # on the new stream: connect it to a socket in the box
    PLACE = 8  # the second frame, for a driver that was started ahead of its submission
    # driver to host, on stream 0
    READY = 16
    FAILED = 17  # the last frame
    OBSERVATION = 18
    DONE = 19  # what was asked for is done
    ACCEPTED = 20  # on the new stream: student code connected to a service
    CONNECTED = 21  # on the new stream
    # both ways, on any other stream
    DATA = 32
    ACK = 33  # so many bytes of DATA went on (4 bytes, big-endian): room for more
    END = 34  # no more DATA
    CLOSE = 35  # neither sends nor reads any more


class Frame(NamedTuple):
    """One message."""

    stream: int  # 0: calls; even: opened by the host; odd: opened by the driver
    kind: Kind
    payload: bytes = b""


def pack(frame: Frame) -> bytes:
    """Return `frame` as bytes. Raises WireError if it is too large."""
    if len(frame.payload) > MAX_BYTES:
        raise WireError(f"a frame is larger than {MAX_BYTES >> 20} MiB")
    return HEADER.pack(len(frame.payload), frame.stream, frame.kind) + frame.payload


class Splitter:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self._data = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Add what arrived and return the frames that are complete.

        Raises:
            WireError: these are not frames; the connection is of no more use.
        """
        self._data += data
        found = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return found

    def _next(self) -> Frame | None:
        if len(self._data) < HEADER.size:
            return None
        size, stream, kind = HEADER.unpack_from(self._data)
        if size > MAX_BYTES or kind not in _KINDS:
            raise WireError("not a frame")
        end = HEADER.size + size
        if len(self._data) < end:
            return None
        payload = bytes(memoryview(self._data)[HEADER.size : end])
        del self._data[:end]
        return Frame(stream, Kind(kind), payload)


_KINDS = frozenset(Kind)

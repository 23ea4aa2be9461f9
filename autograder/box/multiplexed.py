"""Takes apart what an engine of containers sends: standard output and error on one connection.

The form is that of the Docker Engine API, "Attach to a container", stream format: 8 bytes of head
(1 for output or 2 for error, three zeros, the length in big-endian), then so many bytes.
"""

import struct

_HEAD = struct.Struct(">BxxxI")
_OUTPUT = 1
_MOST_KEPT = 4000  # bytes of the error stream: the last ones


class Demultiplexer:
    """Passes on what came on standard output, keeps the tail of standard error."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self.errors = b""
        self._kind, self._left = _OUTPUT, 0  # of the piece that is on its way
        self._head = b""

    def feed(self, data: bytes) -> bytes:
        """Add what arrived; return the standard output in it."""
        found = []
        at = 0
        while at < len(data):
            if not self._left:
                at = self._take_head(data, at)
                continue
            piece = data[at : at + self._left]
            at += len(piece)
            self._left -= len(piece)
            if self._kind == _OUTPUT:
                found.append(piece)
            else:
                self.errors = (self.errors + piece)[-_MOST_KEPT:]
        return b"".join(found)

    def _take_head(self, data: bytes, at: int) -> int:
        """Take what there is of a head from `data`; return where that ends."""
        end = at + _HEAD.size - len(self._head)
        self._head += data[at:end]
        if len(self._head) == _HEAD.size:
            self._kind, self._left = _HEAD.unpack(self._head)
            self._head = b""
        return min(end, len(data))

"""What can go wrong on a device, and what its numbers mean.

Numbers and meanings: acl error codes of the public documentation, and public issue trackers (see
the table of symptoms in docs/npu.md).
"""

from labkit.npu.errors import NpuError

_MEANINGS = {
    107003: "a stream that is not there",
    207001: "no memory left on the device",
    507014: "the AI core came to no end in time: a flag that nobody sets, or no free buffer",
    507015: "the AI core stopped: an address that is not aligned, or outside its memory",
    507034: "a vector core came to no end in time: a flag that nobody sets, or no free buffer",
    507035: "a vector core stopped: an address that is not aligned, or outside its memory",
    507046: "the stream was not done in time",
    507899: "the driver failed",
}


class NoToolkit(NpuError):
    """This machine has no CANN toolkit, or no NPU."""


class DeviceError(NpuError):
    """A call of the device's library failed; `code` is its number, or None if it never answered."""

    def __init__(self, call: str, code: int | None, healthy: bool | None = None) -> None:
        """Tell which `call` failed; `healthy`: whether the device works since, if tried."""
        meaning = _MEANINGS.get(code or 0, "see the plog of CANN")
        said = f"{call} failed with {code}: {meaning}" if code else f"{call} gave no answer in time"
        if healthy is False:
            said += "; the device does not work since: reset it (npu-smi set -t reset)"
        super().__init__(said)
        self.call, self.code, self.healthy = call, code, healthy

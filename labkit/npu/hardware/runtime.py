"""The device's own library, libascendcl, by ctypes. Not run on hardware.

Source: the aclrt functions of the public API reference of CANN; see ascendcl's acl/acl_rt.h.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from labkit.npu.hardware.problems import DeviceError, NoToolkit

_TO_DEVICE, _TO_HOST = 1, 2  # aclrtMemcpyKind
_HUGE_FIRST = 0  # ACL_MEM_MALLOC_HUGE_FIRST
_VECTOR_CORES = 201  # ACL_DEV_ATTR_VECTOR_CORE_NUM

Address = ctypes.c_void_p


class Runtime:
    """Device 0 of those that ASCEND_RT_VISIBLE_DEVICES shows to this process."""

    def __init__(self, library: str = "libascendcl.so") -> None:
        """Load `library`.

        Raises:
            NoToolkit: it cannot be loaded.
        """
        try:
            self._acl = ctypes.CDLL(library)
        except OSError as error:
            raise NoToolkit(f"the device's library cannot be loaded: {error}") from error

    def call(self, name: str, *arguments: object) -> None:
        """Call function `name`; raises DeviceError if it does not answer 0."""
        if code := getattr(self._acl, name)(*arguments):
            raise DeviceError(name, code)

    @contextmanager
    def device(self) -> Iterator[Address]:
        """Open the device; gives a stream."""
        stream = Address()
        self.call("aclInit", None)
        try:
            self.call("aclrtSetDevice", 0)
            self.call("aclrtCreateStream", ctypes.byref(stream))
            yield stream
            self.call("aclrtDestroyStream", stream)
            self.call("aclrtResetDevice", 0)
        finally:
            self._acl.aclFinalize()

    def upload(self, array: np.ndarray) -> Address:
        """Return global memory of the device that holds a copy of `array`."""
        address, size = Address(), ctypes.c_size_t(max(array.nbytes, 32))
        self.call("aclrtMalloc", ctypes.byref(address), size, _HUGE_FIRST)
        if array.nbytes:
            self._copy(address, Address(array.ctypes.data), array.nbytes, _TO_DEVICE)
        return address

    def download(self, array: np.ndarray, address: Address) -> None:
        """Copy `address` into `array`."""
        if array.nbytes:
            self._copy(Address(array.ctypes.data), address, array.nbytes, _TO_HOST)

    def _copy(self, target: Address, source: Address, count: int, kind: int) -> None:
        size = ctypes.c_size_t(count)
        self.call("aclrtMemcpy", target, size, source, size, kind)

    def wait(self, stream: Address, milliseconds: int) -> None:
        """Wait until the stream's work is done; raises DeviceError after `milliseconds`."""
        self.call("aclrtSynchronizeStreamWithTimeout", stream, ctypes.c_int32(milliseconds))

    @contextmanager
    def timed(self, stream: Address) -> Iterator[Callable[[], float]]:
        """Put events around what the block launches; gives a function for the milliseconds.

        That function may be called once the stream's work is done.
        """
        begin, end, milliseconds = Address(), Address(), ctypes.c_float()
        for event in (begin, end):
            self.call("aclrtCreateEvent", ctypes.byref(event))

        def elapsed() -> float:
            self.call("aclrtEventElapsedTime", ctypes.byref(milliseconds), begin, end)
            return milliseconds.value

        self.call("aclrtRecordEvent", begin, stream)
        yield elapsed
        self.call("aclrtRecordEvent", end, stream)

    def vector_cores(self) -> int:
        """Return how many vector cores the device has."""
        value = ctypes.c_int64()
        self.call("aclrtGetDeviceInfo", 0, _VECTOR_CORES, ctypes.byref(value))
        return value.value

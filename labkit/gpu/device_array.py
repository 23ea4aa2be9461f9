"""What stands for an array in the memory of a device, where there is no device."""

from typing import Any

import numpy as np

from labkit.gpu.arrays import poison


class DeviceArray:
    """An array of the virtual device; as on a real one, the host must copy to compute with it.

    It has what ``numba.cuda``'s device arrays have and the course uses.
    """

    def __init__(self, array: Any) -> None:
        """Hold `array`, a NumPy array that kernels write in place."""
        self.array = array

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)
    ndim = property(lambda self: self.array.ndim)
    size = property(lambda self: self.array.size)
    nbytes = property(lambda self: self.array.nbytes)
    strides = property(lambda self: self.array.strides)
    T = property(lambda self: DeviceArray(self.array.T))

    def copy_to_host(self, ary: Any = None, stream: Any = 0) -> Any:
        """Return the elements in a new NumPy array, or in `ary`."""
        if ary is None:
            return self.array.copy()
        _as_large(ary, self.array)[...] = self.array
        return ary

    def copy_to_device(self, ary: Any, stream: Any = 0) -> None:
        """Take over the elements of `ary`."""
        self.array[...] = _as_large(held(ary), self.array)

    def ravel(self, *_: Any, **__: Any) -> "DeviceArray":
        """Return the same memory as a line."""
        return DeviceArray(self.array.reshape(-1))

    def reshape(self, *shape: Any) -> "DeviceArray":
        """Return the same memory in another shape."""
        return DeviceArray(self.array.reshape(*shape))

    def __len__(self) -> int:
        """Return the length of the first axis."""
        return len(self.array)

    def __getitem__(self, index: Any) -> Any:
        """Return a view, or the value of one element."""
        found = self.array[index]
        return DeviceArray(found) if isinstance(found, np.ndarray) else found

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write elements from the host."""
        self.array[index] = held(value)

    def __repr__(self) -> str:
        """Say what it is, not what it holds."""
        return f"<device array {self.shape} {self.dtype}>"


def _as_large(array: Any, other: Any) -> Any:
    """Return `array`. Raises ValueError, as a device does: it is not like `other`."""
    if (array.shape, array.dtype) != (other.shape, other.dtype):
        raise ValueError(
            f"a copy of {other.shape} {other.dtype} from or to {array.shape} {array.dtype}"
        )
    return array


def held(value: Any) -> Any:
    """Return the NumPy array in a `DeviceArray`; anything else as it is."""
    return value.array if isinstance(value, DeviceArray) else value


def to_device(obj: Any, stream: Any = 0, copy: bool = True, to: Any = None) -> Any:
    """As ``cuda.to_device``."""
    if to is not None:
        to.copy_to_device(obj)
        return to
    return DeviceArray(np.array(held(obj), copy=True))


def device_array(shape: Any, dtype: Any = np.float64, *_: Any, **__: Any) -> DeviceArray:
    """As ``cuda.device_array``: what is in it, nobody has written."""
    kind = np.dtype(dtype)
    return DeviceArray(np.full(shape, poison(kind), dtype=kind))


def device_array_like(ary: Any, stream: Any = 0) -> DeviceArray:
    """As ``cuda.device_array_like``."""
    return device_array(ary.shape, ary.dtype)


def host_array(shape: Any, dtype: Any = np.float64, *_: Any, **__: Any) -> Any:
    """As ``cuda.pinned_array`` and the like, which both sides see."""
    return np.empty(shape, dtype)

"""The tensor: an array that remembers which function made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

import autograd  # the package itself: an operator looks its function up when it is used

if TYPE_CHECKING:
    from autograd.function import Function

Array: TypeAlias = NDArray[Any]
Axis: TypeAlias = int | Sequence[int] | None

_RECORDING: ContextVar[bool] = ContextVar("recording", default=True)


def is_recording() -> bool:
    """Tell whether functions called now remember their inputs, so that gradients can flow back."""
    return _RECORDING.get()


@contextmanager
def recording(enabled: bool) -> Iterator[None]:
    """Switch the recording of the graph on or off for the length of a ``with`` block."""
    token = _RECORDING.set(enabled)
    try:
        yield
    finally:
        _RECORDING.reset(token)


class Tensor:
    """A float array and its place in the graph of functions that computed it.

    A *leaf* is a tensor that no recorded function made. `backward` leaves gradients in the `grad`
    of leaves with ``requires_grad=True``, and nowhere else.

    Args:
        data: Anything `numpy.asarray` takes. float32 and float64 are kept (and share memory with
            the array given); integers, bools and other floats become float64.
        requires_grad: Whether gradients should be computed with respect to this tensor.

    Attributes:
        requires_grad: True as well for the result of a recorded function of such a tensor.
        grad: The gradient accumulated by `backward`: same shape and dtype as this tensor, or None.
        op: The function that made this tensor; None for a leaf.
        version: How often the data was written since creation. Counts what is written through the
            tensor, as ``x[index] = value``, ``x.data = array`` or ``x.data -= array``, but not what
            is written behind its back, as ``x.data[index] = value``.

    Raises:
        TypeError: `data` is a Tensor, complex, or not numeric.
    """

    __array_ufunc__ = None  # ndarray + Tensor is left to Tensor.__radd__

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        self._data = _float_array(data)
        self.requires_grad = requires_grad
        self.grad: Tensor | None = None
        self.op: Function | None = None
        self.version = 0

    @property
    def data(self) -> Array:
        """The values."""
        return self._data

    @data.setter
    def data(self, value: Any) -> None:
        self._data = _float_array(value)
        self.version += 1

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """What `op` was called with; empty for a leaf, and once the graph was freed."""
        return () if self.op is None else self.op.inputs

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64."""
        return self._data.dtype

    def numpy(self) -> Array:
        """Return a copy of the values."""
        return self._data.copy()

    def item(self) -> float:
        """Return the only value. Raises ValueError if there is not exactly one."""
        return float(self._data.item())

    def detach(self) -> Tensor:
        """Return a leaf over the same memory, cut off from the graph."""
        return Tensor(self._data)

    def backward(
        self, grad: Tensor | None = None, *, retain_graph: bool = False, create_graph: bool = False
    ) -> None:
        """See `autograd.backward`."""
        autograd.backward(self, grad, retain_graph=retain_graph, create_graph=create_graph)

    def __repr__(self) -> str:
        suffix = f", op={type(self.op).__name__}" if self.op else ""
        return f"Tensor({np.array2string(self._data, prefix='Tensor(')}, {self.dtype}{suffix})"

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: Any) -> Tensor:
        return autograd.getitem(self, index)

    def __setitem__(self, index: Any, value: TensorLike) -> None:
        self._data[index] = value.data if isinstance(value, Tensor) else value
        self.version += 1

    def __add__(self, other: TensorLike) -> Tensor:
        return autograd.add(self, other)

    __radd__ = __add__

    def __sub__(self, other: TensorLike) -> Tensor:
        return autograd.sub(self, other)

    def __rsub__(self, other: TensorLike) -> Tensor:
        return autograd.sub(other, self)

    def __mul__(self, other: TensorLike) -> Tensor:
        return autograd.mul(self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: TensorLike) -> Tensor:
        return autograd.div(self, other)

    def __rtruediv__(self, other: TensorLike) -> Tensor:
        return autograd.div(other, self)

    def __pow__(self, exponent: float | Tensor) -> Tensor:
        if isinstance(exponent, Tensor):
            return autograd.powt(self, exponent)
        return autograd.pow(self, exponent)

    def __neg__(self) -> Tensor:
        return autograd.neg(self)

    def __matmul__(self, other: TensorLike) -> Tensor:
        return autograd.matmul(self, other)

    def __rmatmul__(self, other: TensorLike) -> Tensor:
        return autograd.matmul(other, self)

    def reshape(self, *shape: int) -> Tensor:
        """See `autograd.reshape`."""
        return autograd.reshape(self, shape)

    def permute(self, *axes: int) -> Tensor:
        """See `autograd.permute`."""
        return autograd.permute(self, axes)

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """See `autograd.sum`."""
        return autograd.sum(self, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """See `autograd.mean`."""
        return autograd.mean(self, axis, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """See `autograd.max`."""
        return autograd.max(self, axis, keepdims)


TensorLike: TypeAlias = Tensor | Array | float


def _float_array(data: Any) -> Array:
    """Return `data` as a float32 or float64 array, without a copy where it is one already."""
    if isinstance(data, Tensor):
        raise TypeError("Tensor(tensor): use the tensor itself, or tensor.detach()")
    array = np.asarray(data)
    if array.dtype.char in "fd":  # float32, float64
        return array
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a Tensor holds real numbers, not {array.dtype}")
    return array.astype(np.float64)

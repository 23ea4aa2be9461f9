"""Tensor and Function, as in the handout, with fewer words."""

from contextlib import contextmanager

import numpy as np

import autograd

_flags = [True]


def is_recording():
    return _flags[-1]


@contextmanager
def recording(enabled):
    _flags.append(enabled)
    try:
        yield
    finally:
        _flags.pop()


def _floats(data):
    if isinstance(data, Tensor):
        raise TypeError("already a tensor")
    array = np.asarray(data)
    if array.dtype.kind not in "biuf":
        raise TypeError("not real numbers")
    return array if array.dtype in ("f4", "f8") else array.astype("f8")


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        self._data, self.requires_grad = _floats(data), requires_grad
        self.grad = self.op = None
        self.version = 0

    @property
    def data(self):
        return self._data

    @data.setter
    def data(self, value):
        self._data = _floats(value)
        self.version += 1

    inputs = property(lambda self: self.op.inputs if self.op else ())
    shape = property(lambda self: self._data.shape)
    ndim = property(lambda self: self._data.ndim)
    size = property(lambda self: self._data.size)
    dtype = property(lambda self: self._data.dtype)

    def numpy(self):
        return self._data.copy()

    def item(self):
        return self._data.item()

    def backward(self, grad=None, **options):
        autograd.backward(self, grad, **options)

    def __getitem__(self, index):
        return autograd.getitem(self, index)

    def __setitem__(self, index, value):
        self._data[index] = getattr(value, "data", value) if isinstance(value, Tensor) else value
        self.version += 1

    def __add__(self, other):
        return autograd.add(self, other)

    __radd__ = __add__

    def __mul__(self, other):
        return autograd.mul(self, other)

    __rmul__ = __mul__

    def __sub__(self, other):
        return autograd.sub(self, other)

    def __rsub__(self, other):
        return autograd.sub(other, self)

    def __truediv__(self, other):
        return autograd.div(self, other)

    def __neg__(self):
        return autograd.neg(self)

    def __matmul__(self, other):
        return autograd.matmul(self, other)


class Function:
    reads_inputs = True
    inputs, versions, released = (), (), False

    def __call__(self, *inputs):
        dtypes = {x.dtype for x in inputs if isinstance(x, Tensor)}
        if len(dtypes) > 1:
            raise TypeError("mixed dtypes")
        kind = dtypes.pop() if dtypes else None
        tensors = tuple(
            x if isinstance(x, Tensor) else Tensor(np.asarray(x, kind)) for x in inputs
        )
        out = np.asarray(self.forward(*(x.data for x in tensors)))
        if any(np.may_share_memory(out, x.data) for x in tensors):
            out = out.copy()
        result = Tensor(out)
        if is_recording() and any(x.requires_grad for x in tensors):
            self.inputs, self.versions = tensors, tuple(x.version for x in tensors)
            result.requires_grad, result.op = True, self
        return result

    def release(self):
        self.inputs, self.versions, self.released = (), (), True

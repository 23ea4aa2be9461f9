"""The function: a forward rule on arrays and a backward rule on tensors."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autograd.tensor import Array, Tensor, TensorLike, is_recording


class Function:
    """A node of the graph: calling an instance computes, and records how to go back.

    A subclass gives `forward` and `backward`. Parameters that are not differentiated (an axis, an
    exponent) belong to its ``__init__``. An instance is called once.

    Attributes:
        inputs: The tensors it was called with; empty if the call was not recorded, or was freed.
        versions: Their `Tensor.version` at the call.
        reads_inputs: Whether `backward` reads the *values* of `inputs` (shapes do not count). If it
            does, the values must still be those of the call.
        released: Whether the graph was freed at this node.
    """

    reads_inputs: ClassVar[bool] = True

    def __init__(self) -> None:
        self.inputs: tuple[Tensor, ...] = ()
        self.versions: tuple[int, ...] = ()
        self.released = False

    def forward(self, *xs: Any, **_: Any) -> Array:
        """Compute the result from arrays: one parameter for each input.

        Returns:
            An array of the inputs' dtype. It may be a view of an input; the caller copies it then.
        """
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def backward(self, g: Tensor) -> tuple[Tensor | None, ...]:
        """Multiply the upstream gradient by the transposed Jacobian.

        Written with tensor functions, so that the gradient can be differentiated again.

        Args:
            g: The gradient of some scalar with respect to the result: of its shape and dtype.

        Returns:
            The gradient with respect to each input: its shape and dtype; None where it is zero.
        """
        raise NotImplementedError(f"{type(self).__name__}.backward")

    def __call__(self, *inputs: TensorLike) -> Tensor:
        """Run `forward`; remember the inputs if recording is on and one of them requires gradients.

        Args:
            inputs: Tensors of one dtype. What is not a Tensor becomes one of that dtype.

        Returns:
            A tensor that shares no memory with any input.

        Raises:
            TypeError: two tensors differ in dtype.
        """
        tensors = _as_tensors(inputs)
        out = np.asarray(self.forward(*[x.data for x in tensors]))
        if _may_be_an_input(out, tensors):
            out = out.copy()
        result = Tensor(out)
        if is_recording() and any(x.requires_grad for x in tensors):
            self.inputs = tensors
            self.versions = tuple(x.version for x in tensors)
            result.requires_grad, result.op = True, self
        return result

    def release(self) -> None:
        """Let go of the inputs: their memory may be reclaimed; no gradient passes here again."""
        self.inputs, self.versions, self.released = (), (), True


def _may_be_an_input(out: Array, tensors: tuple[Tensor, ...]) -> bool:
    """Whether `out` shares memory with an input: it is one, or a view into one."""
    if out.base is None:  # it owns its memory
        return any(out is x.data for x in tensors)
    return any(np.may_share_memory(out, x.data) for x in tensors)


def _as_tensors(values: tuple[TensorLike, ...]) -> tuple[Tensor, ...]:
    """Return `values` as tensors of the one dtype that the tensors among them have."""
    dtypes = {x.data.dtype for x in values if isinstance(x, Tensor)}
    if len(dtypes) > 1:
        names = " and ".join(sorted(str(d) for d in dtypes))
        raise TypeError(f"inputs of different dtypes ({names}): convert one of them first")
    dtype = next(iter(dtypes), None)
    return tuple(x if isinstance(x, Tensor) else Tensor(np.asarray(x, dtype)) for x in values)

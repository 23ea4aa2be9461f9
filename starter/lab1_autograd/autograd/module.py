"""The module: a part of a model that owns parameters, and modules that own parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograd.tensor import Array, Tensor


class Parameter(Tensor):
    """A tensor that training changes: a leaf that requires gradients, as an attribute of a module.

    Args:
        data: As for `Tensor`.
    """

    def __init__(self, data: Any) -> None:
        super().__init__(data, requires_grad=True)


class Module:
    """A part of a model: parameters, further modules, and a rule, `forward`, that uses them.

    What a module owns are its attributes that are parameters or modules, also in lists and tuples,
    nested to any depth. A name is a path to a parameter: ``blocks.0.norm.weight`` is the attribute
    ``weight`` of ``norm`` of the first element of the list ``blocks``.

    Attributes:
        training: Whether to behave as in training (`Dropout` differs). True at first.
    """

    training = True

    def forward(self, *xs: Any) -> Tensor:
        """Compute the result. Subclasses give it."""
        raise NotImplementedError(f"{type(self).__name__}.forward")

    def __call__(self, *xs: Any) -> Tensor:
        """Return ``forward(*xs)``."""
        return self.forward(*xs)

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield each parameter once, with its name.

        Attributes in the order in which they were set. A parameter that can be reached by several
        names (tied weights) comes under the first of them.
        """
        raise NotImplementedError("walk attributes, lists, tuples; remember what was seen; about 6 lines")

    def parameters(self) -> list[Parameter]:
        """Return each parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def modules(self) -> Iterator[Module]:
        """Yield this module and every one below it, each once."""
        raise NotImplementedError("the same walk; about 4 lines")

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to None."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode: bool = True) -> None:
        """Set `training` in this module and in all below it."""
        raise NotImplementedError("about 2 lines")

    def eval(self) -> None:
        """Set `training` to False in this module and in all below it."""
        self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of the value of each parameter, by name."""
        raise NotImplementedError("copies, or the next step of training changes what was saved; about 1 line")

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Set the parameters to copies of the arrays in `state`; all of them, or none.

        The parameters stay the same objects (an optimizer holds them), and keep their dtypes.

        Raises:
            KeyError: a name is missing in `state`, or is no parameter's.
            ValueError: an array has another shape than the parameter of its name.
        """
        raise NotImplementedError("check everything before anything is changed; about 9 lines")


# Write here: functions of your own, if you like

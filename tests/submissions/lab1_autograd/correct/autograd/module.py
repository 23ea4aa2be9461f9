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
        for path, part in _owned(self):
            if isinstance(part, Parameter):
                yield path, part

    def parameters(self) -> list[Parameter]:
        """Return each parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def modules(self) -> Iterator[Module]:
        """Yield this module and every one below it, each once."""
        for _, part in _owned(self):
            if isinstance(part, Module):
                yield part

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to None."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode: bool = True) -> None:
        """Set `training` in this module and in all below it."""
        for module in self.modules():
            module.training = mode

    def eval(self) -> None:
        """Set `training` to False in this module and in all below it."""
        self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of the value of each parameter, by name."""
        return {name: parameter.numpy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Set the parameters to copies of the arrays in `state`; all of them, or none.

        The parameters stay the same objects (an optimizer holds them), and keep their dtypes.

        Raises:
            KeyError: a name is missing in `state`, or is no parameter's.
            ValueError: an array has another shape than the parameter of its name.
        """
        parameters = dict(self.named_parameters())
        if parameters.keys() != state.keys():
            raise KeyError(f"missing or unknown: {sorted(parameters.keys() ^ state.keys())}")
        values = {name: np.array(state[name], dtype=p.dtype) for name, p in parameters.items()}
        for name, p in parameters.items():
            if values[name].shape != p.shape:
                raise ValueError(f"{name} has shape {p.shape}, not {values[name].shape}")
        for name, p in parameters.items():  # nothing can fail any more
            p.data = values[name]


def _owned(module: Module) -> Iterator[tuple[str, Parameter | Module]]:
    """Yield `module` and what it owns, each once, with its path, in the order of attributes."""
    todo: list[tuple[str, Any]] = [("", module)]
    met: set[int] = set()
    while todo:
        path, part = todo.pop()
        if not isinstance(part, Parameter | Module | list | tuple) or id(part) in met:
            continue
        met.add(id(part))
        if isinstance(part, Parameter | Module):
            yield path, part
        below: list[tuple[Any, Any]] = []
        if isinstance(part, Module):
            below = list(vars(part).items())
        elif isinstance(part, list | tuple):
            below = list(enumerate(part))
        todo += [(f"{path}.{name}" if path else str(name), x) for name, x in reversed(below)]

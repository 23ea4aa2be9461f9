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
        # BEGIN SOLUTION: walk attributes, lists, tuples; remember what was seen; about 6 lines
        seen: set[Tensor] = set()
        for name, owned in _walk(self):
            if isinstance(owned, Parameter) and owned not in seen:
                seen.add(owned)
                yield name, owned
        # END SOLUTION

    def parameters(self) -> list[Parameter]:
        """Return each parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self.named_parameters()]

    def modules(self) -> Iterator[Module]:
        """Yield this module and every one below it, each once."""
        # BEGIN SOLUTION: the same walk; about 4 lines
        entered: set[Module] = {self}
        yield self
        for _, owned in _walk(self):
            if isinstance(owned, Module) and owned not in entered:
                entered.add(owned)
                yield owned
        # END SOLUTION

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to None."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode: bool = True) -> None:
        """Set `training` in this module and in all below it."""
        # BEGIN SOLUTION: about 2 lines
        for module in self.modules():
            module.training = mode
        # END SOLUTION

    def eval(self) -> None:
        """Set `training` to False in this module and in all below it."""
        self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of the value of each parameter, by name."""
        # BEGIN SOLUTION: copies, or the next step of training changes what was saved; about 1 line
        return {name: parameter.numpy() for name, parameter in self.named_parameters()}
        # END SOLUTION

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Set the parameters to copies of the arrays in `state`; all of them, or none.

        The parameters stay the same objects (an optimizer holds them), and keep their dtypes.

        Raises:
            KeyError: a name is missing in `state`, or is no parameter's.
            ValueError: an array has another shape than the parameter of its name.
        """
        # BEGIN SOLUTION: check everything before anything is changed; about 9 lines
        parameters = dict(self.named_parameters())
        if wrong := parameters.keys() ^ state.keys():
            missing = sorted(parameters.keys() - state.keys())
            raise KeyError(f"missing: {missing}, unexpected: {sorted(wrong - set(missing))}")
        arrays = {name: np.array(state[name], p.dtype) for name, p in parameters.items()}
        for name, array in arrays.items():
            if array.shape != parameters[name].shape:
                message = f"{name} has shape {parameters[name].shape}, not {array.shape}"
                raise ValueError(message)
        for name, array in arrays.items():
            parameters[name].data = array
        # END SOLUTION


# BEGIN SOLUTION: functions of your own, if you like
def _walk(top: Module) -> Iterator[tuple[str, Any]]:
    """Yield all that `top` owns with its path, depth first; no module is entered twice."""
    entered = {top}
    todo = list(reversed(_items(vars(top), "")))
    while todo:
        name, owned = todo.pop()
        yield name, owned
        if isinstance(owned, Module) and owned not in entered:
            entered.add(owned)
            todo.extend(reversed(_items(vars(owned), f"{name}.")))
        elif isinstance(owned, list | tuple):
            todo.extend(reversed(_items(dict(enumerate(owned)), f"{name}.")))


def _items(owned: Mapping[Any, Any], prefix: str) -> list[tuple[str, Any]]:
    return [(f"{prefix}{key}", value) for key, value in owned.items()]


# END SOLUTION

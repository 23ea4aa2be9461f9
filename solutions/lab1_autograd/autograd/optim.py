"""Optimizers: what training does with gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from autograd.module import Parameter
from autograd.tensor import Array, Tensor

Group = dict[str, Any]
Slots = dict[str, Any]


class Optimizer:
    """Changes parameters by their gradients, each with the settings of its group.

    Args:
        params: Parameters; or groups, each a mapping with ``params`` and settings of its own.
        defaults: Settings of groups that do not say otherwise.

    Attributes:
        groups: The groups, with all settings; a schedule may change ``group["lr"]`` between steps.
        slots: For each parameter, in the order of the groups, what the optimizer remembers of it:
            numbers and arrays by name; empty before the first step.

    Raises:
        ValueError: a parameter is given twice, or none is given.
    """

    def __init__(
        self, params: Iterable[Parameter] | Iterable[Mapping[str, Any]], **defaults: Any
    ) -> None:
        # BEGIN SOLUTION: make groups of what is given; refuse one given twice; about 9 lines
        given: list[Any] = list(params)
        groups = given if given and isinstance(given[0], Mapping) else [{"params": given}]
        self.groups: list[Group] = [
            {**defaults, **group, "params": list(group["params"])} for group in groups
        ]
        everyone = [p for group in self.groups for p in group["params"]]
        if not everyone or len(set(everyone)) < len(everyone):
            raise ValueError("a parameter is given twice" if everyone else "no parameter is given")
        self.slots: list[Slots] = [{} for _ in everyone]
        # END SOLUTION

    def step(self) -> None:
        """Change every parameter that has a gradient. What is computed is not recorded."""
        # BEGIN SOLUTION: on arrays; skip a parameter whose grad is None; about 5 lines
        everyone = ((p, group) for group in self.groups for p in group["params"])
        for (parameter, group), slots in zip(everyone, self.slots, strict=True):
            if parameter.grad is not None:
                parameter.data = self.updated(parameter.data, parameter.grad.data, slots, group)
        # END SOLUTION

    def updated(self, x: Array, g: Array, slots: Slots, group: Group) -> Array:
        """Return the new value of a parameter, in its dtype and in memory of its own.

        Args:
            x: The value; not to be changed.
            g: The gradient; not to be changed, nor kept: its memory may be used again.
            slots: What is remembered of this parameter; to be brought up to date.
            group: The settings.
        """
        raise NotImplementedError(f"{type(self).__name__}.updated")

    def state_dict(self) -> list[Slots]:
        """Return a copy of `slots`."""
        # BEGIN SOLUTION: copies, or the next step changes what was saved; about 1 line
        return deepcopy(self.slots)
        # END SOLUTION

    def load_state_dict(self, state: Sequence[Slots]) -> None:
        """Set `slots` to a copy of `state`: what follows is as if training had never stopped.

        Bit for bit: a number stays a number (as an array it would round, and widen, differently).

        Raises:
            ValueError: `state` is of another number of parameters.
        """
        # BEGIN SOLUTION: about 3 lines
        if len(state) != len(self.slots):
            raise ValueError(f"state of {len(state)} parameters for {len(self.slots)}")
        self.slots = deepcopy(list(state))
        # END SOLUTION


class SGD(Optimizer):
    """Gradient descent.

    With weight decay λ, momentum μ and learning rate lr: d = g + λ x; m = μ m + d (m = d at first);
    x becomes x - lr m, or with Nesterov's momentum x - lr (d + μ m).

    Source: I. Sutskever et al., "On the importance of initialization and momentum", ICML 2013, in
    the form that PyTorch documents for ``torch.optim.SGD``.
    """

    def __init__(
        self,
        params: Iterable[Parameter] | Iterable[Mapping[str, Any]],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            params, lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay
        )

    def updated(self, x: Array, g: Array, slots: Slots, group: Group) -> Array:
        """See `Optimizer.updated`. Remembers ``momentum``, where there is any."""
        # BEGIN SOLUTION: about 7 lines
        d = g + group["weight_decay"] * x
        if mu := group["momentum"]:
            slots["momentum"] = m = mu * slots["momentum"] + d if slots else d
            d = d + mu * m if group["nesterov"] else m
        return np.asarray(x - group["lr"] * d)
        # END SOLUTION


class AdamW(Optimizer):
    """Adam with decoupled weight decay.

    In step t = 1, 2, … of a parameter: m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²; x becomes
    x - lr λ x - lr (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + eps).

    Sources: D. Kingma, J. Ba, "Adam", ICLR 2015; I. Loshchilov, F. Hutter, "Decoupled weight decay
    regularization", ICLR 2019, in the form that PyTorch documents for ``torch.optim.AdamW``.
    """

    def __init__(
        self,
        params: Iterable[Parameter] | Iterable[Mapping[str, Any]],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def updated(self, x: Array, g: Array, slots: Slots, group: Group) -> Array:
        """See `Optimizer.updated`. Remembers the number of steps ``t``, and ``m`` and ``v``."""
        # BEGIN SOLUTION: about 7 lines
        (beta1, beta2), lr = group["betas"], group["lr"]
        t = slots["t"] = slots.get("t", 0) + 1
        m = slots["m"] = beta1 * slots.get("m", 0.0) + (1.0 - beta1) * g
        v = slots["v"] = beta2 * slots.get("v", 0.0) + (1.0 - beta2) * g * g
        scale = np.sqrt(v / (1.0 - beta2**t)) + group["eps"]
        decayed = x - lr * group["weight_decay"] * x
        return np.asarray(decayed - lr / (1.0 - beta1**t) * m / scale)
        # END SOLUTION


def clip_grad_norm_(params: Iterable[Tensor], max_norm: float) -> float:
    """Scale all gradients by one factor, so that their common Euclidean norm is at most `max_norm`.

    A gradient that is scaled is replaced, not written to: other tensors may share it.

    Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013.

    Args:
        params: Tensors; one whose `grad` is None does not count.
        max_norm: Gradients whose norm is not above it stay as they are.

    Returns:
        The norm before, over all elements of all gradients; 0.0 if there are none.
    """
    # BEGIN SOLUTION: one norm over everything; about 6 lines
    grads = [(p, p.grad.data) for p in params if p.grad is not None]
    norm = math.sqrt(sum(float(np.sum(np.square(g))) for _, g in grads))
    if norm > max_norm:
        for p, g in grads:
            p.grad = Tensor(g * (max_norm / norm))
    return norm
    # END SOLUTION


def cosine_lr(step: int, *, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    """Return the learning rate of a step: up in a line, then down along half a cosine.

    It is ``peak * (step + 1) / warmup`` for the first `warmup` steps; `peak` again at step
    `warmup`; ``floor`` from step `total` on; and between these
    floor + (peak - floor) (1 + cos(π r)) / 2, where r goes in a line from 0 to 1.

    Source: I. Loshchilov, F. Hutter, "SGDR", ICLR 2017, without restarts.

    Args:
        step: 0, 1, …
        peak: The largest rate.
        warmup: Steps of the line; may be 0.
        total: Above `warmup`.
        floor: The last rate.

    Raises:
        ValueError: `total` is not above `warmup`.
    """
    # BEGIN SOLUTION: about 6 lines
    if total <= warmup:
        raise ValueError(f"total ({total}) must be above warmup ({warmup})")
    if step < warmup:
        return peak * (step + 1) / warmup
    r = min(1.0, (step - warmup) / (total - warmup))
    return floor + (peak - floor) * (1.0 + math.cos(math.pi * r)) / 2.0
    # END SOLUTION

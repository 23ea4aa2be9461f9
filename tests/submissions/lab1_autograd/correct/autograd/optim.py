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
        given: list[Any] = list(params)
        if not all(isinstance(item, Mapping) for item in given):
            given = [{"params": given}]
        self.groups: list[Group] = [
            {**defaults, **group, "params": list(group["params"])} for group in given
        ]
        everyone = [id(p) for p in self._parameters()]
        if not everyone:
            raise ValueError("no parameters")
        if len(set(everyone)) < len(everyone):
            raise ValueError("a parameter is given twice")
        self.slots: list[Slots] = [{} for _ in everyone]

    def _parameters(self) -> list[Parameter]:
        return [p for group in self.groups for p in group["params"]]

    def step(self) -> None:
        """Change every parameter that has a gradient. What is computed is not recorded."""
        slots = iter(self.slots)
        for group in self.groups:
            for p, mine in zip(group["params"], slots, strict=False):
                if p.grad is not None:
                    p.data = self.updated(p.data, p.grad.data, mine, group)

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
        return deepcopy(self.slots)

    def load_state_dict(self, state: Sequence[Slots]) -> None:
        """Set `slots` to a copy of `state`: what follows is as if training had never stopped.

        Bit for bit: a number stays a number (as an array it would round, and widen, differently).

        Raises:
            ValueError: `state` is of another number of parameters.
        """
        if len(state) != len(self.slots):
            raise ValueError(f"a state of {len(state)} parameters, for {len(self.slots)}")
        self.slots = [deepcopy(dict(slots)) for slots in state]


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
        lr, mu, decay = (float(group[name]) for name in ("lr", "momentum", "weight_decay"))
        d = g + decay * x if decay else g
        if not mu:
            return x - lr * d
        m = mu * slots["momentum"] + d if "momentum" in slots else d.copy()
        slots["momentum"] = np.asarray(m)
        return x - lr * (d + mu * m if group["nesterov"] else m)


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
        lr, eps, decay = (float(group[name]) for name in ("lr", "eps", "weight_decay"))
        beta1, beta2 = map(float, group["betas"])
        t = slots["t"] = slots.get("t", 0) + 1
        m = np.asarray(beta1 * slots.get("m", 0.0) + (1 - beta1) * g)
        v = np.asarray(beta2 * slots.get("v", 0.0) + (1 - beta2) * g**2)
        slots["m"], slots["v"] = m, v
        size = np.sqrt(v / (1 - beta2**t)) + eps
        return x - lr * decay * x - lr * (m / (1 - beta1**t)) / size


def _norm(g: Array) -> float:
    """Return the Euclidean norm of an array; large and small elements are first scaled, exactly."""
    largest = float(np.max(np.abs(g), initial=0.0))
    if not 0.0 < largest < math.inf:
        return largest
    scale = 2.0 ** min(max(math.frexp(largest)[1], -1000), 1000)
    scaled = g.astype(np.float64) / scale
    return scale * math.sqrt(float(np.sum(scaled * scaled)))


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
    chosen = [x for x in params if x.grad is not None]
    norm = math.hypot(*[_norm(x.grad.data) for x in chosen])
    if norm > max_norm:
        factor = float(max_norm) / norm
        for x in chosen:
            x.grad = Tensor(x.grad.data * factor)
    return norm


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
    if total <= warmup:
        raise ValueError(f"total={total} is not above warmup={warmup}")
    if step < warmup:
        return peak * (step + 1) / warmup
    way = min((step - warmup) / (total - warmup), 1.0)
    high = (1 + math.cos(math.pi * way)) / 2
    return peak * high + floor * (1 - high)  # exactly peak and floor at the ends

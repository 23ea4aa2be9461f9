"""Probes of exercise 1.11: parameters, gradients set by hand, and what optimizers make of them."""

import autograd
import numpy as np
import probes
from autograd import Tensor

__all__ = [
    "clipped",
    "interrupted",
    "long_descent",
    "one_memory",
    "optimizer_errors",
    "schedule",
    "schedule_errors",
    "trajectory",
]


def trajectory(kind, settings, values, grads, options):
    """Take one step for each gradient along the first axis; return the values after each."""
    parameters = [autograd.Parameter(v) for v in values]
    chosen = grouped(parameters, options.get("groups"), options.get("once", False))
    optimizer = getattr(autograd, kind)(chosen, **settings)
    path = walked(optimizer, parameters, grads, options)
    return {
        "path": path,
        "given": values,
        "grads": grads,
        "left": [probes.plain(p.grad) for p in parameters],
        "leaves": [p.requires_grad and p.op is None for p in parameters],
        "state": optimizer.state_dict(),
    }


def grouped(parameters, groups, once):
    """The parameters or groups of them: in lists, or in iterators, which can be used only once."""
    collect = iter if once else list
    if groups is None:
        return collect(parameters)
    chosen = [collect([parameters[i] for i in group["params"]]) for group in groups]
    return collect([group | {"params": c} for group, c in zip(groups, chosen, strict=True)])


def walked(optimizer, parameters, grads, options):
    """Take the steps, some with a rate of their own, some without a gradient."""
    path = []
    for step, now in enumerate(zip(*grads, strict=True)):
        for i, (p, g) in enumerate(zip(parameters, now, strict=True)):
            skipped = "skipped" in options and step in options["skipped"][i]
            p.grad = None if skipped else Tensor(g)
        if "rates" in options:
            for group, rate in zip(optimizer.groups, options["rates"][step], strict=True):
                group["lr"] = rate
        optimizer.step()
        path.append([p.numpy() for p in parameters])
    return [np.stack(values) for values in zip(*path, strict=True)]


def one_memory(kind, settings, value, grads):
    """Take steps whose gradients come one after the other in the same piece of memory."""
    x, memory = autograd.Parameter(value), np.empty_like(value)
    optimizer, path = getattr(autograd, kind)([x], **settings), []
    for g in grads:
        memory[...] = g
        x.grad = Tensor(memory)
        optimizer.step()
        path.append(x.data)
    return {"path": path, "given": value, "last": memory}


def interrupted(kind, settings, values, grads, stop):
    """Train; then twice more from what was saved after `stop` steps. Saved arrays are spoilt."""
    head, tail = [g[:stop] for g in grads], [g[stop:] for g in grads]

    def begun(values):
        parameters = [autograd.Parameter(v.copy()) for v in values]
        return getattr(autograd, kind)(parameters, **settings), parameters

    first, parameters = begun(values)
    fresh = first.state_dict()
    walked(first, parameters, head, {})
    half = [p.numpy() for p in parameters]
    saved, spare = first.state_dict(), first.state_dict()
    spoil(spare)
    ends = [walked(first, parameters, tail, {})]
    for last in (False, True):
        again, parameters = begun(half)
        again.load_state_dict(saved)
        if last:
            spoil(saved)
        ends.append(walked(again, parameters, tail, {}))
    wrong = [[], saved[:-1], [*saved, {}]]
    errors = [probes.told(lambda state=state: first.load_state_dict(state)) for state in wrong]
    return {"fresh": fresh, "half": half, "ends": ends, "errors": errors}


def spoil(state):
    """Write over everything that was saved."""
    for slots in state:
        for name, value in slots.items():
            if isinstance(value, np.ndarray):
                value[...] = 7
            slots[name] = 7


def optimizer_errors(kind, groups):
    """Make an optimizer of groups of parameters, or of a list; what it raises."""
    parameters = [autograd.Parameter(np.ones(2)) for _ in range(3)]
    chosen = [parameters[i] for i in groups[0]]
    if len(groups) > 1:
        chosen = [{"params": [parameters[i] for i in group]} for group in groups]
    return probes.told(lambda: getattr(autograd, kind)(chosen, lr=0.1))


def clipped(grads, twins, max_norm, once):
    """Clip; `twins` more tensors share the last gradient, and one has none."""
    tensors = [autograd.Parameter(np.zeros_like(g)) for g in grads]
    for x, g in zip(tensors, grads, strict=True):
        x.grad = Tensor(g)
    tensors[:0] = [autograd.Parameter(np.zeros(2))]
    for _ in range(twins):
        tensors.append(autograd.Parameter(np.zeros_like(grads[-1])))
        tensors[-1].grad = tensors[-2].grad
    norm = autograd.clip_grad_norm_(iter(tensors) if once else tensors, max_norm)
    return {"norm": norm, "grads": [probes.plain(x.grad) for x in tensors], "given": grads}


def schedule(steps, options):
    """Return the rate of each step."""
    return [autograd.cosine_lr(step, **options) for step in steps]


def schedule_errors(step, options):
    """Return what a schedule raises."""
    return probes.told(lambda: autograd.cosine_lr(step, **options))


def long_descent(kind, settings, array, steps):
    """Take many steps, each with a gradient in memory of its own."""
    x = autograd.Parameter(array)
    optimizer = getattr(autograd, kind)([x], **settings)
    for step in range(steps):
        x.grad = Tensor(np.full_like(array, (-1.0) ** step))
        optimizer.step()
    return {"mean": float(x.data.mean()), "first": float(x.data[0])}

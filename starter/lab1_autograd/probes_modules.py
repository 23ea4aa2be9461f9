"""What the tests of modules and layers call. Modules and layers come described in plain data."""

import autograd
import numpy as np
from autograd import Tensor
from probes import plain, told

Module = getattr(autograd, "Module", object)  # who lacks it loses no other exercise

__all__ = [
    "Affine",
    "Part",
    "along",
    "built",
    "built_layer",
    "called",
    "cleared",
    "dropped",
    "layer_second_order",
    "layer_vjp",
    "loaded",
    "masks",
    "new_layers",
    "owned",
    "refused",
    "saved",
    "sequence_vjp",
    "switched",
    "written_after_saving",
]


class Part(Module):
    """A module that owns what it is given, in that order."""

    def __init__(self, label, attributes):
        self.label = label
        for name, value in attributes:
            setattr(self, name, value)


def built(described, known):
    """Make what a description says, and keep it in `known` by label.

    ["parameter", label, array], ["module", label, [name, description], ...], ["again", label],
    ["list" or "tuple", description, ...], ["tensor", array], ["plain", value].
    """
    kind, *rest = described
    if kind in ("list", "tuple"):
        parts = [built(part, known) for part in rest]
        return tuple(parts) if kind == "tuple" else parts
    if kind in ("tensor", "plain"):
        return Tensor(rest[0], requires_grad=True) if kind == "tensor" else rest[0]
    label, *more = rest
    if kind == "parameter":
        known[label] = autograd.Parameter(more[0].copy())
    elif kind == "module":
        known[label] = Part(label, [(name, built(part, known)) for name, part in more])
    return known[label]


def owned(described):
    """Return the names and values of parameters, in order, and the labels of modules."""
    model = built(described, {})
    named = [[name, parameter.data] for name, parameter in model.named_parameters()]
    return {
        "named": named,
        "parameters": [parameter.data for parameter in model.parameters()],
        "modules": [module.label for module in model.modules()],
    }


def switched(described, steps):
    """Call train or eval on modules; return every module's `training` at first and each time."""
    known = {}
    built(described, known)
    modules = {label: part for label, part in known.items() if isinstance(part, Module)}
    seen = [{label: module.training for label, module in modules.items()}]
    for label, method, arguments in steps:
        getattr(modules[label], method)(*arguments)
        seen.append({label: module.training for label, module in modules.items()})
    return seen


def cleared(described):
    """Give every parameter and tensor a gradient, clear them; return what is left, by label."""
    known = {}
    model = built(described, known)
    leaves = {label: part for label, part in known.items() if isinstance(part, Tensor)}
    for leaf in leaves.values():
        leaf.grad = Tensor(np.ones_like(leaf.data))
    model.zero_grad()
    return {label: plain(leaf.grad) for label, leaf in leaves.items()}


def saved(described):
    """Save the state."""
    return built(described, {}).state_dict()


def written_after_saving(described):
    """Save the state, go on training in place, then write into what was saved."""
    model = built(described, {})
    state = model.state_dict()
    for parameter in model.parameters():
        parameter.data *= 2.0
        parameter[...] = parameter.data + 1.0
    before = {name: array.copy() for name, array in state.items()}
    for array in state.values():
        array[...] = 0.0
    return {"saved": before, "parameters": [parameter.data for parameter in model.parameters()]}


def loaded(described, state):
    """Load a state, then write into it; return the error, and what held parameters are now."""
    known = {}
    model = built(described, known)
    given = {name: array.copy() for name, array in state.items()}
    error = told(lambda: model.load_state_dict(given))
    for array in given.values():
        array[...] = 99.0
    leaves = {label: part for label, part in known.items() if isinstance(part, Tensor)}
    return {"error": error, "values": {label: leaf.data for label, leaf in leaves.items()}}


class Affine(Module):
    """x * scale + shift."""

    def __init__(self, scale, shift):
        self.scale, self.shift = autograd.Parameter(scale), autograd.Parameter(shift)

    def forward(self, x):
        return x * self.scale + self.shift


def built_layer(described, rng):
    """Make a layer of a kind, sizes and options, and give its parameters the values described."""
    kind, sizes = described["kind"], described["sizes"]
    if kind == "Affine":
        return Affine(*sizes)
    if kind == "Sequential":
        return autograd.Sequential(*[built_layer(layer, rng) for layer in sizes])
    drawn = [rng] if kind in ("Linear", "Embedding", "Dropout") else []
    layer = getattr(autograd, kind)(*sizes, *drawn, **described["options"])
    for name, array in described["weights"].items():
        getattr(layer, name).data = array
    return layer


def along(described, x):
    """Call a layer; return its leaves (x first, unless it is made of ids), and the result."""
    layer = built_layer(described, np.random.default_rng(0))
    leaves = [getattr(layer, name) for name in described["weights"]]
    if x.dtype.kind == "f":
        x = Tensor(x, requires_grad=True)
        leaves = [x, *leaves]
    return leaves, layer(x)


def layer_vjp(described, x, upstream):
    """Call a layer; send a gradient back to x and to the parameters described."""
    leaves, out = along(described, x)
    grads = autograd.grad(out, leaves, Tensor(upstream))
    return {"value": out.data, "grads": [g.data for g in grads], "leaves": [x.data for x in leaves]}


def sequence_vjp(described, x, upstream):
    """Call modules in a row; send a gradient back to x and to all parameters, which have names."""
    layer, x = built_layer(described, np.random.default_rng(0)), Tensor(x, requires_grad=True)
    out, named = layer(x), list(layer.named_parameters())
    grads = autograd.grad(out, [x, *[parameter for _, parameter in named]], Tensor(upstream))
    names = [name for name, _ in named]
    return {"value": out.data, "names": names, "grads": [g.data for g in grads]}


def layer_second_order(described, x, upstream, directions):
    """Differentiate a layer's gradients, weighted by directions, by its leaves and upstream."""
    leaves, out = along(described, x)
    g = Tensor(upstream, requires_grad=True)
    first = autograd.grad(out, leaves, g, create_graph=True)
    weights = [Tensor(v) for v in directions]
    second = autograd.grad(first, [*leaves, g], weights, allow_unused=True)
    return [plain(x) for x in second]


def new_layers(described, seed, count):
    """Make layers with one generator; return the parameters of each by name."""
    rng = np.random.default_rng(seed)
    layers = [built_layer(described, rng) for _ in range(count)]
    names = ("weight", "bias")
    return [{n: plain(getattr(layer, n)) for n in names if hasattr(layer, n)} for layer in layers]


def masks(p, seed, shape, count):
    """What each call of one dropout layer makes of ones."""
    layer = autograd.Dropout(p, np.random.default_rng(seed))
    return [layer(Tensor(np.ones(shape))).data for _ in range(count)]


def dropped(p, seed, training, x, upstream):
    """Call dropout; also return what its generator would draw next."""
    rng = np.random.default_rng(seed)
    layer = autograd.Dropout(p, rng)
    layer.training = training
    leaf = Tensor(x, requires_grad=True)
    out = layer(leaf)
    (g,) = autograd.grad(out, leaf, Tensor(upstream))
    return {"value": out.data, "grad": g.data, "input": leaf.data, "next": rng.random()}


def refused(described, x=None):
    """Make a layer, perhaps call it; return the name of the error."""
    return told(lambda: called(described, x))


def called(described, x):
    """Make a layer, and call it if there is something to call it with."""
    layer = built_layer(described, np.random.default_rng(0))
    return layer if x is None else layer(x)

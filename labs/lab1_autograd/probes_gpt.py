"""Probes of exercise 1.12: models with weights that are given or drawn, and their training."""

import autograd
import numpy as np
import probes
from autograd import Tensor

__all__ = [
    "gpt_descended",
    "gpt_gradients",
    "gpt_learned",
    "gpt_logits",
    "gpt_too_long",
]


def loaded(config, state, seed=0):
    """Make a model, and give it the weights in `state`."""
    model = autograd.GPT(autograd.GPTConfig(**config), np.random.default_rng(seed))
    model.load_state_dict(state)
    return model


def gpt_logits(config, state, batches, training=False):
    """Return the logits of one batch after the other."""
    model = loaded(config, state)
    model.train(training)
    return [model(ids).data for ids in batches]


def gpt_gradients(config, state, ids, targets):
    """Return logits, loss and the gradients of all parameters."""
    model = loaded(config, state)
    model.eval()
    logits = model(ids)
    loss = autograd.cross_entropy(logits, targets)
    loss.backward()
    grads = {name: probes.plain(p.grad) for name, p in model.named_parameters()}
    return {"logits": logits.data, "loss": loss.data, "grads": grads}


def gpt_too_long(config, tokens):
    """Give a model more tokens than its context, or as many; what it raises."""
    model = autograd.GPT(autograd.GPTConfig(**config), np.random.default_rng(0))
    return probes.told(lambda: model(np.zeros((1, tokens), int)))


def gpt_descended(config, state, ids, targets, settings, before=None):
    """Train on the batches along the first axis, from the state and perhaps the gradients given."""
    model = loaded(config, state)
    model.eval()
    for name, p in model.named_parameters() if before else ():
        p.grad = Tensor(before[name])
    losses = autograd.train(model, list(zip(ids, targets, strict=True)), **settings)
    modes = [module.training for module in model.modules()]
    return {"losses": losses, "state": model.state_dict(), "training": all(modes)}


def gpt_learned(config, seed, ids, targets, settings, held_out):
    """Train a model of your own making; return the logits of what it has not seen."""
    model = autograd.GPT(autograd.GPTConfig(**config), np.random.default_rng(seed))
    autograd.train(model, list(zip(ids, targets, strict=True)), **settings)
    model.eval()
    return model(held_out).data

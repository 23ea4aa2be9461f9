"""Exercise 1.12, public. What a model answers is compared, not the losses that it reports."""

import numpy as np

from autograder.judge import assert_equal, exercise

CONFIG = {"vocab": 7, "context": 5, "width": 12, "layers": 1, "heads": 2, "kv_heads": 1}
CONFIG |= {"hidden": 16}


def weights(rng):
    """Return values for all parameters, by name: this is how they are called, and shaped."""
    norm, head = {"weight": (12,), "bias": (12,)}, (2 + 2 * 1) * 6
    linear = {"attention.project": (12, head), "attention.output": (12, 12)}
    linear |= {"expand": (12, 16), "contract": (16, 12)}
    shapes = {"tokens.weight": (7, 12), "positions.weight": (5, 12)}
    for part in ("blocks.0.norm1", "blocks.0.norm2", "norm"):
        shapes |= {f"{part}.{name}": shape for name, shape in norm.items()}
    for part, shape in linear.items():
        shapes |= {f"blocks.0.{part}.weight": shape, f"blocks.0.{part}.bias": shape[1:]}
    return {name: rng.normal(scale=0.5, size=shape) for name, shape in shapes.items()}


def loss_of(logits, targets):
    """The mean of -log softmax at the targets."""
    shifted = logits - logits.max(-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], -1).mean()


@exercise("gpt", points=0.5, hint="Logits for each token; the context is the longest sequence.")
def test_shapes_and_context(student, rng):
    """Logits of as many tokens as the context holds, and of fewer; one more is refused."""
    state = weights(rng)
    batches = [rng.integers(0, 7, size=shape) for shape in ((3, 5), (2, 3), (1, 1))]
    got = student.run("gpt_logits", CONFIG, state, batches)
    assert_equal([list(logits.shape) for logits in got], [[3, 5, 7], [2, 3, 7], [1, 1, 7]])
    for logits in got:
        assert np.isfinite(logits).all() and np.ptp(logits) > 0, "logits are not finite, or equal"
    told = student.run("many", "gpt_too_long", [[CONFIG, tokens] for tokens in (5, 6)])
    assert_equal(told, [None, "ValueError"])


@exercise("gpt", points=0.5, hint="Attention must be causal: no token sees a later one.")
def test_causality_of_the_last_token(student, rng):
    """Another last token changes the last logits, and no others."""
    state = weights(rng)
    ids = rng.integers(0, 7, size=(3, 5))
    other = ids.copy()
    other[:, -1] = (ids[:, -1] + 1) % 7
    first, second = student.run("gpt_logits", CONFIG, state, [ids, other])
    assert_equal(list(first.shape), [3, 5, 7])
    assert np.isfinite([first, second]).all(), "a logit is not finite"
    assert_equal(second[:, :-1], first[:, :-1])
    assert (first[:, -1] != second[:, -1]).any(-1).all(), "the last token changes nothing"


@exercise("gpt", points=0.5, hint="For each batch: rate, loss, gradients, clip, step.")
def test_training_learns_one_batch_by_heart(student, rng):
    """Sixty steps on one batch: afterwards the model knows what comes next."""
    text = rng.permutation(7)[None, :6]
    ids, targets = text[:, :-1], text[:, 1:]
    many = [np.stack([x] * 60) for x in (ids, targets)]
    logits = student.run("gpt_learned", CONFIG, 0, *many, {"peak": 2e-2, "warmup": 4}, ids)
    assert_equal(list(logits.shape), [1, 5, 7])
    loss = loss_of(logits, targets)
    assert loss < 0.2, f"the loss after training is {loss:.3g}, expected less than 0.2"

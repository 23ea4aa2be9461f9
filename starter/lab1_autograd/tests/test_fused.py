"""Exercise 1.10, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise


@exercise("fused", points=1, hint="softmax(logits) - q, times the upstream gradient, over n.")
def test_cross_entropy_examples(student, rng):
    """The cross entropy of a batch, without and with smoothing, and its gradient."""
    logits, g = rng.normal(size=(5, 3)), np.asarray(rng.normal())
    target = rng.integers(0, 3, size=5)
    settings = (0.0, 0.1)
    cases = [
        ["cross_entropy", [logits], g, {"target": target, "label_smoothing": s}] for s in settings
    ]
    for got, s in zip(student.run("many", "vjp", cases), settings, strict=True):
        with case(f"label_smoothing={s}", logits=logits, target=target, g=g):
            formula = partial_loss(target, s)
            assert_close(got["value"], formula(logits), rtol=1e-9)
            (want,) = differences(formula, [logits], g)
            assert_close(got["grads"][0], want, rtol=1e-6, atol=1e-8)


@exercise("fused", points=0.5, hint="Mean and variance depend on x too: three terms in all.")
def test_layer_norm_example(student, rng):
    """Layer normalization of rows, and the gradients by x, weight and bias."""
    arrays = [rng.normal(size=(3, 5)), *rng.normal(size=(2, 5))]
    g = rng.normal(size=(3, 5))
    got = student.run("vjp", "layer_norm", arrays, g, {})
    assert_close(got["value"], normalized(*arrays), rtol=1e-9, atol=1e-12)
    wants = differences(normalized, arrays, g)
    for name, mine, want in zip(("x", "weight", "bias"), got["grads"], wants, strict=True):
        with case(f"the gradient by {name}", x=arrays[0], g=g):
            assert_close(mine, want, rtol=1e-6, atol=1e-8)


@exercise("fused", points=1, hint="Scale by 1/√width; hide the future before the softmax.")
def test_attention_examples(student, rng):
    """Attention of two heads, without and with the causal mask, and its gradients."""
    q, k, v, g = rng.normal(size=(4, 1, 2, 3, 5))
    settings = (False, True)
    cases = [["attention", [q, k, v], g, {"causal": causal}] for causal in settings]
    for got, causal in zip(student.run("many", "vjp", cases), settings, strict=True):
        formula = causal_attention if causal else full_attention
        with case(f"causal={causal}", q=q, k=k, v=v):
            assert_close(got["value"], formula(q, k, v), rtol=1e-9, atol=1e-12)
        wants = differences(formula, [q, k, v], g)
        for name, mine, want in zip("qkv", got["grads"], wants, strict=True):
            with case(f"causal={causal}, the gradient by {name}", q=q, k=k, v=v, g=g):
                assert_close(mine, want, rtol=1e-6, atol=1e-8)


def partial_loss(target, smoothing):
    """Return the formula of the loss as a function of the logits alone."""

    def formula(logits):
        q = np.eye(3)[target] * (1 - smoothing) + smoothing / 3
        log_softmax = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return np.asarray(-(q * log_softmax).sum(-1).mean())

    return formula


def normalized(x, weight, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * weight + bias


def full_attention(q, k, v, hidden=False):
    scores = np.exp(np.einsum("bhid,bhjd->bhij", q, k) / np.sqrt(q.shape[-1]))
    scores = np.where(hidden, 0.0, scores)
    return (scores / scores.sum(-1, keepdims=True)) @ v


def causal_attention(q, k, v):
    return full_attention(q, k, v, np.arange(3)[None, :] > np.arange(3)[:, None])


def differences(f, arrays, g, step=1e-6):
    """The gradients of sum(f(*arrays) * g), from two values of f for each element."""
    grads = []
    for place, array in enumerate(arrays):
        grad = np.zeros_like(array)
        for i in np.ndindex(array.shape):
            up, down = ([a.copy() for a in arrays] for _ in range(2))
            up[place][i] += step
            down[place][i] -= step
            grad[i] = np.sum((f(*up) - f(*down)) * g) / (2 * step)
        grads.append(grad)
    return grads

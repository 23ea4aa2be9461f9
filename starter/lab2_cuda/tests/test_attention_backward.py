"""Bonus B1, public."""

import numpy as np

from autograder.judge import assert_close, award, case, exercise, performed, unwritten

FILE = "kernels/attention.py"


def tokens(rng, queries, keys, width):
    """Return random queries, keys and values."""
    rows = {"q": queries, "k": keys, "v": keys}
    return {name: rng.normal(size=(n, width)).astype(np.float32) for name, n in rows.items()}


def weights(inputs):
    """Return the weights of the keys for each query, and the logarithm of their sum; else 0, -inf.

    With `causal` the last query sees all keys, and the one before it all but the last.
    """
    queries, keys = len(inputs["q"]), len(inputs["k"])
    scores = inputs["q"].astype(float) @ inputs["k"].astype(float).T * inputs["scale"]
    if inputs["causal"]:
        scores[np.arange(keys) > np.arange(queries)[:, None] + keys - queries] = -np.inf
    top = scores.max(1, initial=-1e300, keepdims=True)
    shifted = np.exp(scores - top)
    sums = shifted.sum(1, keepdims=True)
    with np.errstate(divide="ignore"):
        lse = np.where(sums > 0, top + np.log(sums), -np.inf)
    return shifted / np.where(sums > 0, sums, 1), lse[:, 0]


def gradients(student, rng, sizes, causal):
    """Return what came of flash_backward, which is right: dq, dk and dv."""
    inputs = tokens(rng, *sizes) | {"scale": sizes[2] ** -0.5, "causal": causal}
    shares, lse = weights(inputs)
    q, k, v = (inputs[name].astype(float) for name in "qkv")
    o, do = shares @ v, rng.normal(size=q.shape).astype(np.float32)
    given = inputs | {"do": do, "o": o.astype(np.float32), "lse": lse.astype(np.float32)}
    outputs = {f"d{name}": unwritten(*inputs[name].shape) for name in "qkv"}
    got = performed(student.kernel(FILE, "flash_backward"), outputs, given)
    upstream = do.astype(float) @ v.T
    scores = shares * (upstream - (shares * upstream).sum(1, keepdims=True)) * inputs["scale"]
    for name, want in (("dq", scores @ k), ("dk", scores.T @ q), ("dv", shares.T @ do)):
        top = max(1.0, np.abs(want).max(initial=0))
        assert_close(got["arrays"][name], want, rtol=0, atol=1e-5 * top, dtype=np.float32)
    return got


@exercise("attention_backward", points=1.5, hint="The weights are exp(score - lse), once more.")
def test_flash_backward_examples(student, rng):
    """The gradients by q, k and v, with and without the causal mask."""
    for sizes, causal in (((40, 50, 16), False), ((40, 40, 16), True)):
        with case(f"{sizes[0]} queries, {sizes[1]} keys, 16 features, causal={causal}"):
            gradients(student, rng, sizes, causal)


@exercise("attention_backward", points=0.5, hint="One launch for dq, another for dk and dv.")
def test_flash_backward_has_no_atomics(student, rng):
    """All points without atomics, half for at most one for each element of q in a tile of keys."""
    counts = gradients(student, rng, (33, 64, 8), False)["counters"]
    atomics = counts["atomic_elements"]
    award(1.0 if atomics <= 0 else 0.5 if atomics <= 2 * 33 * 8 else 0.0)

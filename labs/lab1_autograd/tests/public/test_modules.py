"""Exercise 1.9, public."""

import numpy as np

from autograder.judge import assert_close, assert_equal, case, exercise


@exercise("modules", points=1, hint="Walk vars(self); go into modules, lists and tuples.")
def test_names_and_state_of_a_small_model(student, rng):
    """The names of parameters, a saved state, and loading it into another model."""
    arrays = rng.normal(size=(3, 2, 5))
    model, other = nested(*arrays), nested(*np.zeros((3, 2, 5)))
    names = ["scale", "blocks.0.weight", "blocks.1.weight"]
    with case("named_parameters", model=model):
        named = [[name, array] for name, array in zip(names, arrays, strict=True)]
        assert_equal(student.run("owned", model)["named"], named)
    with case("state_dict", model=model):
        state = student.run("saved", model)
        assert_equal(state, dict(zip(names, arrays, strict=True)))
    with case("load_state_dict", model=other, state=state):
        got = student.run("loaded", other, state)
        want = dict(zip(("s", "w0", "w1"), arrays, strict=True))
        assert_equal(got, {"error": None, "values": want})


@exercise("modules", points=1, hint="x @ W + b, and rows of W: your functions do the rest.")
def test_linear_and_embedding_examples(student, rng):
    """A linear layer and an embedding: values and gradients."""
    x, w, b, g = (rng.normal(size=s) for s in ((2, 3), (3, 5), 5, (2, 5)))
    table, ids = rng.normal(size=(7, 3)), np.array([4, 0, 6, 0])
    up = rng.normal(size=(4, 3))
    cases = [[layer("Linear", 3, 5, weight=w, bias=b), x, g]]
    cases += [[layer("Embedding", 7, 3, weight=table), ids, up]]
    linear, embedding = student.run("many", "layer_vjp", cases)
    with case("Linear", x=x, w=w, b=b, g=g):
        assert_close(linear["value"], x @ w + b, rtol=1e-9)
        for got, want in zip(linear["grads"], (g @ w.T, x.T @ g, g.sum(0)), strict=True):
            assert_close(got, want, rtol=1e-9, atol=1e-12)
    with case("Embedding", weight=table, ids=ids, g=up):
        assert_equal(embedding["value"], table[ids])
        want = np.zeros((7, 3))
        want[4], want[6], want[0] = up[0], up[2], up[1] + up[3]
        assert_close(embedding["grads"][0], want, rtol=1e-9, atol=1e-12)


@exercise("modules", points=1, hint="Normalize each row; scale what dropout keeps by 1 / (1 - p).")
def test_norms_and_dropout_examples(student, rng):
    """Both norms on a matrix; dropout with p = 1/2, in training and in evaluation."""
    x, w, b = (rng.normal(size=s) for s in ((3, 5), 5, 5))
    centred = x - x.mean(1, keepdims=True)
    want = {"LayerNorm": centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5) * w + b}
    want["RMSNorm"] = x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-5) * w
    cases = [[layer("LayerNorm", 5, weight=w, bias=b), x, x], [layer("RMSNorm", 5, weight=w), x, x]]
    answers = student.run("many", "layer_vjp", cases)
    for got, (name, value) in zip(answers, want.items(), strict=True):
        with case(name, x=x, w=w, b=b):
            assert_close(got["value"], value, rtol=1e-9, atol=1e-12)
    training, evaluation = student.run(
        "many", "dropped", [[0.5, 1, on, x, x] for on in (True, False)]
    )
    with case("Dropout in training", x=x):
        assert_close(training["value"], np.where(training["value"] == 0, 0, 2 * x), rtol=1e-9)
    with case("Dropout in evaluation", x=x):
        assert_equal(evaluation["value"], x)


def nested(scale, *weights):
    """Describe a module with a parameter, a number, and a list of modules."""
    blocks = [
        ["module", f"block {i}", ["weight", ["parameter", f"w{i}", weight]]]
        for i, weight in enumerate(weights)
    ]
    owned = [["scale", ["parameter", "s", scale]], ["depth", ["plain", 2]]]
    return ["module", "top", *owned, ["blocks", ["list", *blocks]]]


def layer(kind, *sizes, **weights):
    return {"kind": kind, "sizes": list(sizes), "options": {}, "weights": weights}

"""Exercise 2.10, public."""

import numpy as np

from autograder.judge import assert_near, award, case, exercise, performed, rung, unwritten

FILE = "kernels/norms.py"


def forward_inputs(x, rng):
    """Return x, in float32, with gamma, beta and eps."""
    gamma, beta = rng.normal(size=(2, x.shape[1])).astype(np.float32)
    return {"x": x.astype(np.float32), "gamma": gamma, "beta": beta, "eps": 1e-5}


def moments(inputs):
    """Return mean and 1 / sqrt(variance + eps) of each row, as columns."""
    x = inputs["x"].astype(float)
    return x.mean(1, keepdims=True), 1 / np.sqrt(x.var(1, keepdims=True) + inputs["eps"])


def forward(student, inputs):
    """Return what came of layernorm_forward, which is right, with mean and rstd."""
    x = inputs["x"].astype(float)
    outputs = {"y": unwritten(*x.shape), "mean": unwritten(len(x)), "rstd": unwritten(len(x))}
    got = performed(student.kernel(FILE, "layernorm_forward"), outputs, inputs)
    mean, rstd = moments(inputs)
    assert_near(got["arrays"]["y"], (x - mean) * rstd * inputs["gamma"] + inputs["beta"])
    assert_near(got["arrays"]["mean"], mean[:, 0])
    assert_near(got["arrays"]["rstd"], rstd[:, 0])
    return got


def backward(student, rng, x):
    """Return what came of layernorm_backward, which is right for the moments that it is given."""
    inputs = forward_inputs(x, rng)
    mean, rstd = (m.astype(np.float32) for m in moments(inputs))
    dy = rng.normal(size=x.shape).astype(np.float32)
    given = {"dy": dy, "x": inputs["x"], "mean": mean[:, 0], "rstd": rstd[:, 0]}
    given["gamma"] = inputs["gamma"]
    rows, cols = x.shape
    outputs = {"dx": unwritten(rows, cols), "dgamma": unwritten(cols), "dbeta": unwritten(cols)}
    got = performed(student.kernel(FILE, "layernorm_backward"), outputs, given)
    scale = rstd.astype(float)
    normal = (inputs["x"].astype(float) - mean) * scale
    jacobians = np.eye(cols) - 1 / cols - normal[:, :, None] * normal[:, None, :] / cols
    dx = scale * np.einsum("rc,rcd->rd", dy.astype(float) * inputs["gamma"], jacobians)
    assert_near(got["arrays"]["dx"], dx)
    assert_near(got["arrays"]["dgamma"], (dy * normal).sum(0))
    assert_near(got["arrays"]["dbeta"], dy.astype(float).sum(0))
    return got


def rms(student, inputs):
    """Return what came of rmsnorm_forward, which is right."""
    x = inputs["x"].astype(float)
    got = performed(student.kernel(FILE, "rmsnorm_forward"), {"y": unwritten(*x.shape)}, inputs)
    roots = np.sqrt((x * x).mean(1, keepdims=True) + inputs["eps"])
    assert_near(got["arrays"]["y"], x / roots * inputs["gamma"])
    return got


@exercise("norms", points=0.75, hint="Divide by sqrt(variance + eps); the variance by the width.")
def test_layernorm_forward_examples(student, rng):
    """Rows of fewer columns than a block has threads, and of more."""
    for rows, cols in ((3, 33), (2, 300)):
        inputs = forward_inputs(rng.normal(size=(rows, cols)), rng)
        with case(f"{rows} rows of {cols}", **inputs):
            forward(student, inputs)


@exercise("norms", points=0.75, hint="Mean and variance depend on x, too: three terms in all.")
def test_layernorm_backward_example(student, rng):
    """The gradients by x, gamma and beta of 40 rows of 33."""
    x = rng.normal(size=(40, 33))
    with case("40 rows of 33", x=x):
        backward(student, rng, x)


@exercise("norms", points=0.5, hint="The mean of the squares: no mean is subtracted.")
def test_rmsnorm_forward_example(student, rng):
    """Three rows of 65."""
    inputs = forward_inputs(rng.normal(size=(3, 65)), rng)
    del inputs["beta"]
    with case("3 rows of 65", **inputs):
        rms(student, inputs)


@exercise("norms", points=1, hint="Mean and variance come from one pass over x.")
def test_layernorm_forward_reads_twice(student, rng):
    """Sectors of x that are loaded: all points for 2.1 times the least, half for 3.2 times."""
    inputs = forward_inputs(rng.normal(size=(4, 400)), rng)
    got = forward(student, inputs)
    award(rung(got["traffic"]["x"]["load_sectors"] / (4 * 400 / 8), 2.1, 3.2))

"""Exercise 2.10, hidden."""

import numpy as np

from autograder.judge import assert_near, award, case, exercise, orders, performed, rung, unwritten

FILE = "kernels/norms.py"


def forward_inputs(x, rng):
    """Return x, in float32, with gamma, beta and eps."""
    gamma, beta = rng.normal(size=(2, x.shape[1])).astype(np.float32)
    return {"x": x.astype(np.float32), "gamma": gamma, "beta": beta, "eps": 1e-5}


def moments(inputs):
    """Return mean and 1 / sqrt(variance + eps) of each row, as columns."""
    x = inputs["x"].astype(float)
    return x.mean(1, keepdims=True), 1 / np.sqrt(x.var(1, keepdims=True) + inputs["eps"])


def forward(student, inputs, order=None, share=1e-5):
    """Return what came of layernorm_forward, which is right: mean and rstd within `share`, too."""
    x = inputs["x"].astype(float)
    outputs = {"y": unwritten(*x.shape), "mean": unwritten(len(x)), "rstd": unwritten(len(x))}
    got = performed(student.kernel(FILE, "layernorm_forward"), outputs, inputs, order)
    mean, rstd = moments(inputs)
    assert_near(got["arrays"]["y"], (x - mean) * rstd * inputs["gamma"] + inputs["beta"], share)
    assert_near(got["arrays"]["mean"], mean[:, 0], share)
    assert_near(got["arrays"]["rstd"], rstd[:, 0], share)
    return got


def backward(student, rng, x, order=None):
    """Return what came of layernorm_backward, which is right for the moments that it is given."""
    inputs = forward_inputs(x, rng)
    mean, rstd = (m.astype(np.float32) for m in moments(inputs))
    dy = rng.normal(size=x.shape).astype(np.float32)
    given = {"dy": dy, "x": inputs["x"], "mean": mean[:, 0], "rstd": rstd[:, 0]}
    given["gamma"] = inputs["gamma"]
    rows, cols = x.shape
    outputs = {"dx": unwritten(rows, cols), "dgamma": unwritten(cols), "dbeta": unwritten(cols)}
    got = performed(student.kernel(FILE, "layernorm_backward"), outputs, given, order)
    scale = rstd.astype(float)
    normal = (inputs["x"].astype(float) - mean) * scale
    jacobians = np.eye(cols) - 1 / cols - normal[:, :, None] * normal[:, None, :] / cols
    dx = scale * np.einsum("rc,rcd->rd", dy.astype(float) * inputs["gamma"], jacobians)
    assert_near(got["arrays"]["dx"], dx)
    assert_near(got["arrays"]["dgamma"], (dy * normal).sum(0))
    assert_near(got["arrays"]["dbeta"], dy.astype(float).sum(0))
    return got


def rms(student, inputs, order=None):
    """Return what came of rmsnorm_forward, which is right."""
    x = inputs["x"].astype(float)
    got = performed(
        student.kernel(FILE, "rmsnorm_forward"), {"y": unwritten(*x.shape)}, inputs, order
    )
    roots = np.sqrt((x * x).mean(1, keepdims=True) + inputs["eps"])
    assert_near(got["arrays"]["y"], x / roots * inputs["gamma"])
    return got


@exercise("norms", points=1, hint="A thread may have no column: do not divide by its count.")
def test_layernorm_forward_of_any_shape(student, rng):
    """One element, rows shorter and longer than a block, no row; three orders of the blocks."""
    for rows, cols in ((1, 1), (3, 7), (2, 1000), (70, 33), (2, 129), (0, 4)):
        inputs = forward_inputs(rng.normal(size=(rows, cols)), rng)
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, order={order}", **inputs):
            forward(student, inputs, order)
    inputs = forward_inputs(rng.normal(size=(13, 65)), rng)
    for order in orders(rng):
        with case(f"order={order}", **inputs):
            forward(student, inputs, order)


@exercise("norms", points=1, hint="Near 10 000, the mean of squares less a square is only noise.")
def test_layernorm_forward_of_special_rows(student, rng):
    """Small numbers, rows of one value; near 10 000, where float32 knows a mean to 0.001 only."""
    with case("numbers of about 0.001"):
        forward(student, forward_inputs(1e-3 * rng.normal(size=(3, 65)), rng))
    with case("rows of one value"):
        forward(student, forward_inputs(np.repeat([[3.0], [-7], [0]], 65, axis=1), rng))
    for cols in (7, 300):
        inputs = forward_inputs(1e4 + rng.normal(size=(4, cols)), rng)
        with case(f"4 rows of {cols} near 10 000", **inputs):
            forward(student, inputs, share=3e-3)


@exercise(
    "norms", points=1.25, hint="What the rows give to dgamma and dbeta adds up over all rows."
)
def test_layernorm_backward_of_any_shape(student, rng):
    """Rows around a chunk's, one element, no row; near 10 000; orders of the blocks."""
    for rows, cols in ((1, 1), (3, 7), (5, 300), (70, 33), (32, 5), (33, 129), (0, 4)):
        x, order = rng.normal(size=(rows, cols)), orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, order={order}", x=x):
            backward(student, rng, x, order)
    for order in orders(rng):
        with case(f"40 rows of 65 near 10 000, order={order}"):
            backward(student, rng, 1e4 + rng.normal(size=(40, 65)), order)


@exercise("norms", points=0.75, hint="eps is added to the mean of squares, inside the root.")
def test_rmsnorm_forward_of_any_shape(student, rng):
    """One element, rows shorter and longer than a block, no row, zeros; small and large numbers."""
    shapes = ((1, 1), (3, 7), (2, 1000), (70, 33), (2, 129), (0, 4))
    for (rows, cols), scale in zip(shapes, (1, 1e-3, 1, 1e-3, 1e4, 1), strict=True):
        inputs = forward_inputs(scale * rng.normal(size=(rows, cols)), rng)
        del inputs["beta"]
        inputs["x"][2:3] = 0
        order = orders(rng)[int(rng.integers(3))]
        with case(f"{rows} rows of {cols}, about {scale:g}, order={order}", **inputs):
            rms(student, inputs, order)


@exercise("norms", points=1, hint="x twice, y once, no scratch: mean and variance in one pass.")
def test_layernorm_forward_traffic(student, rng):
    """Sectors of 5 rows of 1000, in one launch without scratch memory.

    Loads of x: at most 2.1 times the least, for half of the points, 3.2 times for a quarter. The
    other half: each element of y, mean and rstd is stored once, y side by side, and y is not read.
    """
    inputs = forward_inputs(rng.normal(size=(5, 1000)), rng)
    got = forward(student, inputs)
    assert len(got["launches"]) == 1, f"{len(got['launches'])} launches"
    x, y, least = got["traffic"]["x"], got["traffic"]["y"], 5 * 1000 / 8
    once = got["counters"]["global_store_elements"] <= 5 * 1000 + 2 * 5
    written = once and y["store_sectors"] <= 1.05 * least and y["load_sectors"] <= 0
    award((rung(x["load_sectors"], 2.1 * least, 3.2 * least) + written) / 2)


@exercise("norms", points=1.25, hint="Add up a chunk of rows in a register; then the chunks.")
def test_layernorm_backward_traffic(student, rng):
    """What the gradients of 64 rows of 160 take, as shares of the 10 240 elements.

    Atomics: at most 1/8 of an atomic, for 2/5 of the points: one for each column of a chunk of rows
    may be. Scratch memory: at most 1/2 of an element, for 1/5. Sectors of x and dy: at most 3.2
    times the least of each, for 2/5, and half of that for 4.2.
    """
    got = backward(student, rng, rng.normal(size=(64, 160)))
    traffic, size = got["traffic"], 64 * 160
    atomics = got["counters"]["atomic_elements"] <= size / 8
    scratch = traffic.get("scratch", {"load_elements": 0, "store_elements": 0})
    small = max(scratch["load_elements"], scratch["store_elements"]) <= size / 2
    sectors = max(traffic[name]["load_sectors"] for name in ("x", "dy"))
    award((2 * atomics + small + 2 * rung(sectors / (size / 8), 3.2, 4.2)) / 5)


@exercise("norms", points=0.75, hint="x twice, y once, and no scratch memory.")
def test_rmsnorm_forward_traffic(student, rng):
    """Sectors of 5 rows of 1000, in one launch: loads of x at most 2.1 times the least.

    Half of the points for 3.2 times. y is stored once, and not read.
    """
    inputs = forward_inputs(rng.normal(size=(5, 1000)), rng)
    del inputs["beta"]
    got = rms(student, inputs)
    assert len(got["launches"]) == 1, f"{len(got['launches'])} launches"
    x, y, least = got["traffic"]["x"], got["traffic"]["y"], 5 * 1000 / 8
    stored = got["counters"]["global_store_elements"]
    assert y["load_sectors"] <= 0, "y is read"
    assert stored <= 5 * 1000, f"{stored:g} stores of 5000 elements"
    assert y["store_sectors"] <= 1.05 * least, f"{y['store_sectors']:g} sectors of y are stored"
    award(rung(x["load_sectors"], 2.1 * least, 3.2 * least))

"""Exercise 1.6, hidden. A graph is a list of steps: ["*", 0, 1] multiplies nodes 0 and 1."""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

MIB = 2**20


def random_steps(rng, leaves, count):
    """Return steps in which late nodes often use early ones, so that paths differ in length."""
    steps = []
    for node in range(leaves, leaves + count):
        early, late = rng.integers(0, leaves), node - 1 - rng.integers(0, 2)
        pair = [int(early), int(late)]
        rng.shuffle(pair)
        steps.append([str(rng.choice(["+", "*"])), *pair])
    return steps


def evaluate(arrays, steps):
    nodes = list(arrays)
    for sign, i, j in steps:
        nodes.append(nodes[i] + nodes[j] if sign == "+" else nodes[i] * nodes[j])
    return nodes


def gradients(arrays, steps, seeds):
    """Return the gradient at every node; `seeds` maps a node's number to its upstream gradient."""
    nodes = evaluate(arrays, steps)
    grads = [np.zeros_like(node) for node in nodes]
    for node, g in seeds.items():
        grads[node] = grads[node] + g
    for k in reversed(range(len(steps))):
        (sign, i, j), g = steps[k], grads[len(arrays) + k]
        by_i, by_j = (g, g) if sign == "+" else (g * nodes[j], g * nodes[i])
        grads[i] = grads[i] + by_i
        grads[j] = grads[j] + by_j
    return grads


def failed_with(seen, *names):
    """Whether a call ended in one of the builtin exceptions named."""
    error = seen.error
    return seen.outcome is Outcome.CRASHED and error.module == "builtins" and error.type in names


@exercise("engine", points=1, hint="Go back only once a node has heard from all who used it.")
def test_backward_on_random_graphs(student, rng):
    """Graphs in which long and short paths meet; float32 as well."""
    cases = []
    for dtype in (np.float64, np.float64, np.float32):
        arrays = list(rng.uniform(-1.0, 1.0, size=(4, 7)).astype(dtype))
        steps = random_steps(rng, 4, 13)
        steps += [["+", 0, 1], ["+", 2, 3], ["+", 17, 18], ["+", 19, 16], ["*", 20, 5]]
        cases.append([arrays, steps, rng.normal(size=7).astype(dtype)])
    answers = student.run("many", "run_backward", cases)
    for got, (arrays, steps, g) in zip(answers, cases, strict=True):
        rtol = 1e-9 if g.dtype == np.float64 else 1e-3
        want = gradients([a.astype(float) for a in arrays], steps, {len(steps) + 3: g})
        for mine, exact in zip(got["grads"], want[:4], strict=True):
            assert_close(mine, exact, rtol=rtol, atol=rtol * np.abs(exact).max(), dtype=g.dtype)


@exercise("engine", points=1, hint="A graph can be deeper than Python's stack: no recursion.")
def test_backward_through_a_very_long_chain(student, rng):
    """A chain a hundred thousand functions deep."""
    x, step = rng.normal(size=(2, 1))
    depth = 100_000 + int(rng.integers(0, 100))
    got = student.run("chain", x, step, depth)
    assert_close(got["value"], x + depth * step, rtol=1e-6)
    assert_close(got["grad"], np.ones(1), rtol=1e-9)


@exercise("engine", points=1, hint="Visit a node once, however many paths lead to it.")
def test_backward_through_very_many_paths(student, rng):
    """Sixty times y = y + y."""
    x = rng.normal(size=1)
    got = student.run("doubled", x, 60)
    assert_close(got["value"], x * 2.0**60, rtol=1e-9)
    assert_close(got["grad"], np.array([2.0**60]), rtol=1e-9)


@exercise("engine", points=1, hint="A second backward adds to what the first one left.")
def test_gradients_accumulate(student, rng):
    """Two and three calls of backward; gradients that share no memory."""
    x, y, g, other = rng.normal(size=(4, 5))
    steps = [["*", 0, 1], ["*", 2, 0]]
    cases = [[[x, y], steps, g, calls, True] for calls in (2, 3)]
    for got, (*_, calls, _) in zip(student.run("many", "run_backward", cases), cases, strict=True):
        assert_close(got["grads"][0], calls * g * 2 * x * y, rtol=1e-9)
        assert_close(got["grads"][1], calls * g * x * x, rtol=1e-9)
    got = student.run("shared_grads", x, other)
    assert_equal(got, {"other": other, "upstream": other})


@exercise("engine", points=1, hint="Release what was passed, unless asked to keep it.")
def test_graph_is_freed_after_a_pass(student, rng):
    """A second pass through a graph that was not kept raises, and changes no gradient."""
    x = rng.normal(size=5)
    once, hows = 3 * x**2, {"backward": 3 * x**2, "another root": 2 * x, "grad": None}
    for retain, error in ((False, "RuntimeError"), (True, None)):
        answers = student.run("many", "pass_twice", [[x, how, retain] for how in hows])
        for got, more in zip(answers, hows.values(), strict=True):
            assert_equal(got["error"], error)
            if more is not None:
                assert_close(got["grad"], once + more if retain else once, rtol=1e-9)


@exercise("engine", points=1, hint="Compare versions before a backward rule reads its inputs.")
def test_changed_data_is_noticed(student, rng):
    """Data written in place before the way back: an error if it is read there, else none."""
    x, y = rng.normal(size=(2, 5))
    changed = [[x, y, how, "read"] for how in ("item", "augmented", "replaced")]
    answers = student.run("many", "write_between", changed)
    assert_equal(answers, [{"error": "RuntimeError", "grad": None}] * len(changed))
    harmless = [("item", "unread"), ("augmented", "unread"), ("nothing", "read")]
    cases = [[x, y, *case] for case in harmless]
    for got, _ in zip(student.run("many", "write_between", cases), cases, strict=True):
        assert_equal(got["error"], None)
        assert_close(got["grad"], 2 * y, rtol=1e-9)


@exercise("engine", points=0.5, hint="Only leaves that ask for it hold a gradient.")
def test_roots_and_leaves(student, rng):
    """Which tensors hold a gradient; a root of several elements, or of the wrong shape or dtype."""
    x, c = rng.normal(size=(2, 5))
    got = student.run("roles", x, c)
    want = {"middle": None, "constant": None, "recorded": False}
    assert_equal({name: got[name] for name in want}, want)
    assert_close(got["leaf"], 2 * x * c * c, rtol=1e-9)
    *got, unreached = student.run("nothing_flows", x, c)
    for mine, want in zip(got, (c**3, 2 * c), strict=True):
        assert_close(mine, want, rtol=1e-9)
    if unreached is not None:
        assert_equal(unreached, np.zeros(5))
    square = [["*", 0, 0]]
    scalar = np.asarray(x[0])
    got = student.run("run_backward", [scalar], square)
    assert_close(got["grads"][0], 2 * scalar, rtol=1e-9)
    upstream = [], [rng.normal(size=(1, 5))], [x.astype(np.float32)]
    wrong = student.map("run_backward", [[[x], square, *up] for up in upstream])
    for seen, error in zip(wrong, ("ValueError", "ValueError", "TypeError"), strict=True):
        assert failed_with(seen, error)


@exercise("engine", points=0.5, hint="An input that no output uses: raise, or None if allowed.")
def test_grad_with_several_ends_and_unused_inputs(student, rng):
    """Several outputs with upstream gradients, one of them twice; an input that is not used."""
    arrays = list(rng.normal(size=(3, 5)))
    steps, (g, h) = [["*", 0, 1], ["+", 3, 0], ["*", 3, 4]], rng.normal(size=(2, 5))
    several = [arrays, steps, [5, 4, 5], [3, 0, 1], [g, h, g]]
    allowed = [arrays, steps, [5], [2, 0], [g], True]
    first, second = student.run("many", "run_grad", [several, allowed])
    want = gradients(arrays, steps, {5: 2 * g, 4: h})
    for mine, exact in zip(first["grads"], (want[3], want[0], want[1]), strict=True):
        assert_close(mine, exact, rtol=1e-9, atol=1e-12)
    assert_equal([second["grads"][0], *second["left"]], [None] * 4)
    assert_close(second["grads"][1], gradients(arrays, steps, {5: g})[0], rtol=1e-9, atol=1e-12)
    wrong = [arrays, steps, [5], [2, 0], [g]], [arrays, steps, [5], [0, 1], [g], True, [1]]
    unused, constant = student.map("run_grad", wrong)
    assert failed_with(unused, "RuntimeError", "ValueError")
    assert failed_with(constant, "RuntimeError")


@exercise("engine", points=0.5, hint="Walk only what lies between the inputs and the outputs.")
def test_grad_keeps_to_the_way(student, rng):
    """A branch that leads to no input asked for is not walked, even if it could not be."""
    x, y = rng.normal(size=(2, 5))
    cases = [[x, y, changed] for changed in (False, True)]
    for got, _ in zip(student.run("many", "past_a_trap", cases), cases, strict=True):
        assert_equal([got["itself"], *got["left"]], [np.ones(5), None, None, None])
        assert_close(got["grad"], 2 * x, rtol=1e-9)


@exercise("engine", points=1, hint="With create_graph the gradients are results like any other.")
def test_gradients_of_gradients(student, rng):
    """Derivatives up to the fourth order; grad of what backward left in a leaf."""
    x = rng.normal(size=5)
    got = student.run("derivatives", x, 4)
    for mine, want in zip(got, (4 * x**3, 12 * x**2, 24 * x, np.full(5, 24.0)), strict=True):
        assert_close(mine, want, rtol=1e-9)
    got = student.run("backward_of_backward", x)
    assert_close(got["first"], 3 * x**2, rtol=1e-9)
    assert_close(got["second"], 6 * x, rtol=1e-9)


@exercise("engine", points=0.5, hint="Keep no reference to a graph whose work is done.")
def test_memory_stays_level_over_many_steps(student, rng):
    """Peak memory of many steps of a training loop."""
    x = rng.uniform(0.9, 1.1, size=2**16)
    seen = student.observe("steps_of_descent", x, 32, 4)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed("steps_of_descent", seen)
    assert_close(seen.value, np.sum(5 * x**4), rtol=1e-9)
    # One step holds some 4 MB, all 32 graphs 70 MB. A bound of our own: were it the peak of fewer
    # steps, memory could be wasted there to raise it.
    assert seen.peak_bytes <= 32 * MIB, "memory grows with the number of steps"

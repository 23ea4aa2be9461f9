"""Exercise B1, hidden. Checkpoints are steps of a small language, whose functions are elementwise.

So every Jacobian is diagonal, and the derivative at h = 0 of f(x + i h) has all of it, to the last
digit (J. Lyness, C. Moler, "Numerical differentiation of analytic functions", 1967).
"""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

MIB = 2**20
TINY = 1e-30

STEPS = {
    "plus": lambda rng, a, b: a + b,
    "times": lambda rng, a, b: a * b,
    "wave": lambda rng, x: np.sin(x),
    "drop": lambda rng, x: x * (2.0 * (rng.random(x.shape) >= 0.5)),
    "constant": lambda rng, x: x.real + 0j,
}


def follow(arrays, found, steps, rng):
    """Compute the last of the steps, where a checkpoint is nothing but a call."""
    nodes = list(arrays)
    for op, *given in steps:
        if op == "checkpoint":
            inner = nodes[:found] + [nodes[i] for i in given[0]]
            nodes.append(follow(inner, found, given[1], rng))
        else:
            nodes.append(STEPS[op](rng, *[nodes[i] for i in given]))
    return nodes[-1]


def slope(arrays, found, steps, by, seed=None):
    """Return the value, its derivative by one array, and the generator afterwards."""
    arrays = [a.astype(complex) for a in arrays]
    arrays[by] = arrays[by] + 1j * TINY
    rng = np.random.default_rng(seed)
    value = follow(arrays, found, steps, rng)
    return value.real, value.imag / TINY, rng


def check(got, arrays, needs, found, steps, g, seed=None, passes=0):
    """Compare value, gradients and draws of a call of `checkpointed`."""
    rtol = 1e-9 if g.dtype == np.float64 else 1e-4
    wanted = [by for by, need in enumerate(needs) if need]
    for by, mine in zip(wanted, got["grads"], strict=True):
        value, derivative, rng = slope(arrays, found, steps, by, seed)
        exact = g * derivative * max(passes, 1)
        assert_close(got["value"], value, rtol=rtol, atol=rtol, dtype=g.dtype)
        assert_close(mine, exact, rtol=rtol, atol=rtol, dtype=g.dtype)
    assert_equal(got["draws"], [None, None] if seed is None else [rng.random(), rng.random()])


@exercise("checkpointing", points=0.5, hint="One gradient for each argument, and each parameter.")
def test_arguments_and_parameters(student, rng):
    """Arguments used twice, passed twice, not used, without gradients; several parameters."""
    inner = [["times", 2, 2], ["times", 4, 0], ["plus", 5, 3], ["wave", 6], ["times", 7, 1]]
    both = [["checkpoint", [2, 3], inner]]
    again = [["checkpoint", [2, 2], inner], ["times", 4, 3]]
    unused = [["checkpoint", [3, 2], [["times", 2, 1]]], ["plus", 4, 2], ["times", 5, 0]]
    itself = [["checkpoint", [0, 3], [["wave", 0], ["times", 4, 2], ["times", 5, 3]]]]
    itself += [["plus", 4, 1], ["plus", 5, 2]]
    needs = [[True] * 4, [True, True, True, False], [False, True, False, True]]
    cases = []
    for shape, dtype in (((5,), "f8"), ((), "f8"), ((0, 3), "f8"), ((7,), "f4")):
        arrays = [np.asarray(rng.normal(size=shape), dtype) for _ in range(4)]
        g = np.asarray(rng.normal(size=shape), dtype)
        cases += [[arrays, need, 2, both, g] for need in needs]
        cases += [[arrays, needs[0], 2, steps, g] for steps in (again, unused, itself)]
        cases += [[arrays, needs[0], 2, both, g, None, passes] for passes in (1, 2)]
    for got, case in zip(student.run("many", "checkpointed", cases), cases, strict=True):
        check(got, *case)


@exercise("checkpointing", points=0.5, hint="Only gradients made inside fn are the segment's own.")
def test_nested_and_chained_checkpoints(student, rng):
    """Checkpoints in checkpoints, one after the other, and side by side."""
    third = [["wave", 2], ["times", 3, 0]]
    second = [["times", 2, 2], ["checkpoint", [3], third], ["times", 4, 1]]
    first = [["checkpoint", [2], second], ["checkpoint", [3], third], ["plus", 3, 4]]
    nested = [["checkpoint", [2], first]]
    chained = [["checkpoint", [2], third], ["checkpoint", [3], second], ["checkpoint", [4], third]]
    # The parameters lead to the arguments too, and the first argument to the second.
    pair = [["times", 2, 3], ["times", 4, 0], ["times", 5, 1]]
    leading = [["times", 2, 0], ["times", 3, 2], ["checkpoint", [3, 4], pair]]
    beside = [["checkpoint", [2], third], ["checkpoint", [2], second], ["times", 3, 4]]
    cases = []
    for steps in (nested, chained, leading, beside):
        arrays, g = list(rng.normal(size=(3, 7))), rng.normal(size=7)
        cases += [[arrays, [True] * 3, 2, steps, g, None, passes] for passes in (0, 1, 2)]
    for got, case in zip(student.run("many", "checkpointed", cases), cases, strict=True):
        check(got, *case)


@exercise(
    "checkpointing", points=0.5, hint="The state before fn is its start; that after, the end."
)
def test_generators(student, rng):
    """Dropout in nested and chained checkpoints, in several passes; what rng draws next."""
    drop = [["drop", 1], ["plus", 2, 1], ["times", 3, 0], ["drop", 4], ["plus", 5, 4]]
    within = [["drop", 1], ["plus", 2, 1], ["checkpoint", [3], drop], ["drop", 4], ["plus", 5, 1]]
    cases = []
    for steps in (drop, [["checkpoint", [1], drop]], [["checkpoint", [1], within], ["drop", 2]]):
        chain = [*steps, ["checkpoint", [1 + len(steps)], drop]]
        arrays, g = list(rng.normal(size=(2, 13))), rng.normal(size=13)
        options = [int(rng.integers(2**31))]
        cases += [[arrays, [True] * 2, 1, chain, g, *options, passes] for passes in (0, 1, 2)]
    for got, case in zip(student.run("many", "checkpointed", cases), cases, strict=True):
        check(got, *case)


@exercise("checkpointing", points=0.5, hint="With create_graph, what fn recorded must lead on.")
def test_second_derivatives(student, rng):
    """Gradients of gradients: by arguments, by parameters and by the upstream gradient."""
    inner = [["times", 2, 3], ["times", 4, 0], ["wave", 5], ["times", 6, 1]]
    alone = [["checkpoint", [2, 3], inner]]
    chained = [["checkpoint", [2, 3], inner], ["checkpoint", [4, 2], inner], ["times", 5, 5]]
    leading = [["times", 2, 0], ["times", 4, 3], ["checkpoint", [4, 5], inner]]
    nested = [["checkpoint", [2, 3], [*alone, *inner, ["times", 4, 8]]]]
    cases = []
    for steps in (alone, chained, leading, nested):
        arrays = list(rng.uniform(-1.0, 1.0, size=(4, 7)))
        cases.append([arrays, 2, steps, rng.normal(size=7), list(rng.normal(size=(4, 7)))])
    dropping = [["checkpoint", [2, 3], [["drop", 2], *[["times", 4, 4], ["times", 5, 1]]]]]
    dropping += [["plus", 4, 3], ["times", 5, 0]]
    cases.append([*cases[0][:2], dropping, *cases[0][3:], int(rng.integers(2**31))])
    for got, case in zip(student.run("many", "checkpointed_twice", cases), cases, strict=True):
        check_twice(got, *case)


def check_twice(got, arrays, found, steps, g, directions, seed=None, step=1e-4):
    """Compare first derivatives, and the second along a direction: a difference of the first."""

    def slopes(along):
        moved = [a + along * v for a, v in zip(arrays, directions, strict=True)]
        return [slope(moved, found, steps, by, seed)[1] for by in range(len(arrays))]

    here, ahead, behind = slopes(0.0), slopes(step), slopes(-step)
    for mine, exact in zip(got["first"], here, strict=True):
        assert_close(mine, g * exact, rtol=1e-9, atol=1e-9)
    second = [g * (a - b) / (2 * step) for a, b in zip(ahead, behind, strict=True)]
    second.append(sum(v * s for v, s in zip(directions, here, strict=True)))
    for mine, exact in zip(got["second"], second, strict=True):
        assert_close(mine, exact, rtol=1e-5, atol=1e-6)


@exercise("checkpointing", points=0.5, hint="Nothing to go back through: then it is a plain call.")
def test_results_that_are_not_recorded(student, rng):
    """Recording off; nothing that needs gradients; a result that does not depend on what does."""
    inner = [["drop", 1], ["times", 2, 0], ["wave", 3]]
    plain, constant = [["checkpoint", [1], inner]], [["checkpoint", [1], [*inner, ["constant", 4]]]]
    arrays, seed = list(rng.normal(size=(2, 7))), int(rng.integers(2**31))
    cases = [[arrays, [True, True], 1, plain, recorded, seed] for recorded in (True, False)]
    cases += [
        [arrays, [False, False], 1, plain, True, seed],
        [arrays, [True] * 2, 1, constant, True, seed],
    ]
    cases += [[arrays, needs, 1, plain, True, seed] for needs in ([True, False], [False, True])]
    value, _, after = slope(arrays, 1, plain, 0, seed)
    number = after.random()
    answers = student.run("many", "unrecorded", cases)
    for got, needs in zip(answers, (True, False, False, False, True, True), strict=True):
        assert_equal([got["requires_grad"], got["draw"]], [needs, number])
        assert_close(got["value"], value, rtol=1e-9)
    g = rng.normal(size=7)
    case = [arrays, [True, True], 1, [*constant, ["times", 2, 0], ["plus", 3, 1]], g, seed]
    check(student.run("checkpointed", *case), *case)


def check_powers(values, x, w, times):
    """Compare what checkpoints_in_a_row tells: sums of x w**n and of its derivatives."""
    wanted = x * w**times, w**times, times * x * w ** (times - 1)
    for mine, exact in zip(values, wanted, strict=True):
        assert_close(mine, float(exact.sum()), rtol=1e-7)


@exercise("checkpointing", points=1, hint="Let go of what fn recorded before the next begins.")
def test_memory_of_a_long_chain(student, rng):
    """Peak memory of twenty checkpoints of twenty functions each."""
    x, w = rng.uniform(0.99, 1.01, size=(2, 2**15))
    seen = student.observe("checkpoints_in_a_row", x, w, 20, 20)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed("checkpoints_in_a_row", seen)
    check_powers(seen.value, x, w, 400)
    # Twenty arrays lie between the checkpoints, and twenty inside one: 10 MB, and some 8 that
    # any process needs. All 400: 100 MB.
    assert seen.peak_bytes <= 42 * MIB, "memory grows with the number of functions"


@exercise(
    "checkpointing", points=0.5, hint="Call fn once on the way there, and once on the way back."
)
def test_time_of_many_checkpoints(student, rng):
    """Thousands of checkpoints in a row, and sixteen one within the other."""
    x, w = rng.uniform(0.999, 1.001, size=(2, 7))
    check_powers(student.run("checkpoints_in_a_row", x, w, 1, 2600), x, w, 2600)
    x = rng.normal(size=2**14)
    got = student.run("checkpoints_within", x, 16)
    assert_close(got["value"], np.sin(x), rtol=1e-9)
    assert_close(got["grad"], np.cos(x), rtol=1e-9, atol=1e-9)

"""Exercise 1.8, hidden. Operators go into the box as source text; which are faulty stays here.

Each test has faulty operators and their faultless twins, in an order of its own.
"""

import numpy as np

from autograder.judge import Outcome, assert_equal, exercise

# Differentiable any number of times, and made of nothing that other exercises ask for.
PARTS = """
class Times(Function):
    def forward(self, a, b):
        return a * b

    def backward(self, g):
        a, b = self.inputs
        return Times()(g, b), Times()(g, a)


class Wave(Function):
    def __init__(self, phase=0.0):
        super().__init__()
        self.phase = phase

    def forward(self, x):
        return np.asarray(np.sin(x + self.phase))

    def backward(self, g):
        (x,) = self.inputs
        return (Times()(g, Wave(self.phase + np.pi / 2)(x)),)


class Mapped(Function):
    reads_inputs = False

    def __init__(self, there, back):
        super().__init__()
        self.there, self.back = there, back

    def forward(self, x):
        return np.asarray(self.there(x))

    def backward(self, g):
        return (Mapped(self.back, self.there)(g),)
"""


def wave(rule, forward="np.sin(x)"):
    """A sine whose backward rule is the expression `rule` in g, x, and slope (the cosine of x)."""
    return f"""{PARTS}
class F(Function):
    def forward(self, x):
        return np.asarray({forward})

    def backward(self, g):
        (x,) = self.inputs
        slope = Wave(np.pi / 2)(x)
        return ({rule},)


def f(x):
    return F()(x)
"""


def linear(there, back, again=None, **constants):
    """A linear function as an expression in x and constants, its backward rule, and that one's."""
    given = "".join(f"{name} = np.array({value.tolist()!r})\n" for name, value in constants.items())
    return f"""{PARTS}
{given}

class F(Mapped):
    def backward(self, g):
        return (Mapped(self.back, lambda x: {again or there})(g),)


def f(x):
    return F(lambda x: {there}, lambda x: {back})(x)
"""


def judged(student, rng, operators, options=None):
    """Check operators, given as (source, arrays, whether it is right), in random order."""
    order = [int(i) for i in rng.permutation(len(operators))]
    cases = [[operators[i][0], operators[i][1], options or {}] for i in order]
    for got, i in zip(student.run("many", "checked", cases), order, strict=True):
        _, arrays, right = operators[i]
        assert_equal(got["ok"], right)
        assert_equal(bool(got["problems"]), not right)
        assert all(type(problem) is str for problem in got["problems"])
        assert_equal([got["inputs"], got["left"]], [arrays, [None] * len(arrays)])


GOOD_WAVE = wave("Times()(g, slope)")


@exercise(
    "gradcheck", points=1, hint="Look at every element, with an upstream that has no pattern."
)
def test_wrong_numbers(student, rng):
    """A wrong factor, one wrong element, a wrong matrix, half the inputs: flagged; twins pass."""
    x, c = rng.normal(size=5), rng.uniform(0.5, 2.0, size=200)
    spoilt = c.copy()
    spoilt[rng.integers(0, 200)] *= 1.001
    a = rng.normal(size=(5, 5))
    diagonal = np.diag(np.diag(a))
    both = np.array([-1.5, 0.5, -0.25, 2.0]) * rng.uniform(0.8, 1.2, size=4)
    wide = rng.normal(size=200)
    operators = [
        (GOOD_WAVE, [x], True),
        (wave("Times()(g, Wave(np.pi / 2 + 1e-3)(x))"), [x], False),
        (linear("c * x", "c * x", c=c), [wide], True),
        (linear("c * x", "d * x", "d * x", c=c, d=spoilt), [wide], False),
        (linear("a @ x", "a.T @ x", a=a), [x], True),
        (linear("a @ x", "a @ x", "a.T @ x", a=a), [x], False),
        (linear("a @ x", "d @ x", "d @ x", a=a, d=diagonal), [x], False),
        (wave("Times()(g, Mapped(lambda x: 2 * x, lambda x: 2 * x)(x))", "x * x"), [both], True),
        (wave("Times()(g, Tensor(2 * np.abs(x.data)))", "x * x"), [both], False),
    ]
    judged(student, rng, operators)


@exercise("gradcheck", points=1, hint="Shape and dtype first; then NaN, which compares false.")
def test_wrong_kinds_of_answers(student, rng):
    """Shapes that would broadcast, dtypes, NaN, infinities, None: flagged; their twins pass."""
    x, row = rng.normal(size=5), rng.normal(size=(1, 5))
    c = rng.uniform(0.5, 2.0, size=5)
    shaped = "Mapped(lambda x: x.reshape({}), lambda x: x.reshape({}))(Times()(g, slope))"
    narrow = "Mapped(lambda x: x.astype(np.float32), lambda x: x.astype(float))(Times()(g, slope))"
    hurt = c.copy()
    hurt[2] = np.nan
    operators = [
        (wave(shaped.format("1, 5", "1, 5")), [row], True),
        (wave(shaped.format("5", "1, 5")), [row], False),
        (wave(shaped.format("1, 5", "5")), [x], False),
        (wave(shaped.format("5, 1", "5")), [x], False),
        (wave(narrow), [x], False),
        (linear("c * x", "c * x", c=c), [x], True),
        (linear("c * x", "d * x", "d * x", c=c, d=hurt).replace("nan", "np.nan"), [x], False),
        (linear("c * x", "d * x", "d * x", c=c, d=hurt).replace("nan", "np.inf"), [x], False),
        (wave("None"), [x], False),
        (wave("None", "np.ones(3)"), [x], True),
    ]
    judged(student, rng, operators)


@exercise(
    "gradcheck", points=0.5, hint="An upstream of ones hides a rule that does not look at it."
)
def test_upstreams_and_repeated_inputs(student, rng):
    """Rules that use the upstream gradient wrongly; the same tensor given twice."""
    x, y = rng.normal(size=(2, 5))
    pair = PARTS + "\ndef f(x, y):\n    return Times()(Wave()(x), y)\n"
    twice = PARTS + "\ndef f(x):\n    return Times()(x, x)\n"
    forgets = twice.replace(
        "return Times()(g, b), Times()(g, a)",
        "return Times()(g, b), None if a is b else Times()(g, a)",
    )
    swapped = pair.replace(
        "return Times()(g, b), Times()(g, a)", "return Times()(g, a), Times()(g, b)"
    )
    operators = [
        (pair, [x, y], True),
        (swapped, [x, y], False),
        (twice, [x], True),
        (forgets, [x], False),
        (wave("slope"), [x], False),
        (wave("Times()(Times()(g, g), slope)"), [x], False),
        (wave("Times()(Mapped(lambda x: x[::-1], lambda x: x[::-1])(g), slope)"), [x], False),
        (GOOD_WAVE, [x], True),
    ]
    judged(student, rng, operators)


READS = """
class F(Function):
    def forward(self, x, c):
        return x * c

    def backward(self, g):
        x, c = self.inputs
        seen = Mapped(lambda a: a.ravel('ORDER').reshape(a.shape), lambda a: a)(x)
        return Times()(g, c), Times()(g, seen)


def f(x, c):
    return F()(x, c)
"""


@exercise("gradcheck", points=0.5, hint="Try the same elements in another order in memory.")
def test_orders_in_memory(student, rng):
    """A rule that reads its input in the order of memory; one that reads it by its axes."""
    x, c = rng.normal(size=(2, 3, 5, 2))[..., 0].copy(), rng.normal(size=(2, 3, 5))
    by_axes, by_memory = (PARTS + READS.replace("ORDER", order) for order in "CK")
    forwards = READS.replace("a.ravel('ORDER')", "(a[::-1] if a.strides[0] < 0 else a)")
    flat = [x.ravel(), c.ravel()]
    operators = [(by_axes, [x, c], True), (by_memory, [x, c], False), (by_memory, flat, True)]
    operators += [(PARTS + forwards, flat, False)]
    judged(student, rng, operators)


TICKS = "from itertools import count\nticks = count()\n"
CHANGES = "y = np.asarray(self.there(x)); x += 0.01; return y"
BACK = """def backward(self, g):
        self.inputs[0].data[...] += 0.01
        return (Mapped(self.back, l"""


@exercise("gradcheck", points=1, hint="Keep copies, and compare; call f twice at the same place.")
def test_changes_and_chance(student, rng):
    """Inputs changed on the way there or back; values that chance decides, or float32 inside."""
    x, c = rng.normal(size=7), rng.uniform(0.5, 2.0, size=7)
    scaled = linear("c * x", "c * x", c=c)
    there = scaled.replace("return np.asarray(self.there(x))", CHANGES)
    back = scaled.replace("def backward(self, g):\n        return (Mapped(self.back, l", BACK)
    chance = wave("Times()(g, slope)", "np.sin(x) + 1e-3 * np.random.random()")
    # Another last bit in every call, for sure: nothing but a second look can see it.
    slight = TICKS + wave("Times()(g, slope)", "np.sin(x) + 2e-16 * next(ticks)")
    rounded = wave("Times()(g, slope)", "np.sin(x.astype(np.float32)).astype(float)")
    operators = [(s, [x], False) for s in (there, back, chance, slight)]
    operators += [(rounded, [x], False), (GOOD_WAVE, [x], True), (scaled, [x], True)]
    judged(student, rng, operators)


@exercise("gradcheck", points=1, hint="A gradient is a function, too: compare it with differences.")
def test_wrong_second_derivatives(student, rng):
    """Right gradients that cannot be differentiated, or whose own gradient is wrong."""
    x = rng.uniform(0.3, 1.2, size=5) * rng.choice([-1.0, 1.0], size=5)
    c = rng.uniform(0.5, 2.0, size=5)
    linear_rule = linear("c * x", "c * x", c=c)
    bent = PARTS.replace("self.phase + np.pi / 2)", "self.phase * FACTOR + np.pi / 2)")
    wave_of = bent + "\ndef f(x):\n    return Wave()(x)\n"
    operators = [
        (GOOD_WAVE, [x], True),
        (linear_rule, [x], True),
        (wave("Times()(g, Tensor(np.cos(x.data)))"), [x], False),
        (wave("Times()(Tensor(g.data), slope)"), [x], False),
        (
            linear_rule.replace(
                "Mapped(self.back, lambda x: c * x)(g)", "Tensor(self.back(g.data))"
            ),
            [x],
            False,
        ),
        (wave_of.replace("FACTOR", "1"), [x], True),
        (wave_of.replace("FACTOR", "1.01"), [x], False),
        (wave_of.replace("FACTOR", "-1"), [x], False),
    ]
    judged(student, rng, operators)


@exercise(
    "gradcheck", points=0.5, hint="Steps and tolerances follow the size of what they measure."
)
def test_sizes_of_all_kinds(student, rng):
    """Very large and very small numbers, no elements, no axes, unused inputs: no false alarm."""
    x, y = rng.normal(size=(2, 3))
    cube = PARTS + "\ndef f(x):\n    return Times()(x, Times()(x, x))\n"
    first = PARTS + "\ndef f(x, y):\n    return Wave()(x)\n"
    given = "\ndef f(x):\n    return Tensor(np.ones(2))\n"
    scaled = linear("c * x", "c * x", c=np.array([1e9, 1.0, 1e-9]))
    wrong = cube.replace("Times()(g, b), Times()(g, a)", "Times()(g, b), Times()(g, b)")
    operators = [
        (cube, [1e4 * x], True),
        (cube, [1e-6 * x], True),
        (scaled, [x], True),
        (scaled, [1e8 * x], True),
        (cube, [np.asarray(x[0])], True),
        (cube, [np.zeros((0, 3))], True),
        (first, [x, y], True),
        (first, [x, np.zeros(0)], True),
        (given, [x], True),
        (wave("Times()(g, slope)"), [1e3 + x], True),
        (wave("Times()(g, slope)"), [np.array([0.0, 1e-9, 0.5])], True),
        (wrong, [1e4 * x], False),
        (
            linear("c * x", "c * x * 1.001", "c * x * 1.001", c=np.array([1e9, 1.0, 1e-3])),
            [x],
            False,
        ),
    ]
    judged(student, rng, operators)


@exercise("gradcheck", points=0.5, hint="Two calls for each element are enough; float32 is not.")
def test_cost_and_refusals(student, rng):
    """A function that takes its time, for many elements; float32 inputs; wider tolerances."""
    x = rng.normal(size=200)
    slow = GOOD_WAVE.replace(
        "return np.asarray(", "np.sin(np.arange(60_000.0)); return np.asarray("
    )
    rule = "Times()(g, Mapped(lambda a: 1.01 * a, lambda a: 1.01 * a)(slope))"
    judged(student, rng, [(slow, [x], True), (wave(rule), [x[:3]], False)])
    for wide in ({"rtol": 0.05}, {"atol": 0.05}):
        judged(student, rng, [(wave(rule), [x[:3]], True)], wide)
    seen = student.observe("checked", GOOD_WAVE, [x.astype(np.float32)], {})
    assert seen.outcome is Outcome.CRASHED
    assert (seen.error.module, seen.error.type) == ("builtins", "TypeError")

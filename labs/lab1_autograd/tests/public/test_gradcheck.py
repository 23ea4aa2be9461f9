"""Exercise 1.8, public. An operator goes to your checker as the text of its source."""

from autograder.judge import assert_equal, case, exercise

SINE = """
class Sine(Function):
    def __init__(self, phase):
        super().__init__()
        self.phase = phase

    def forward(self, x):
        return np.asarray(np.sin(x + self.phase))

    def backward(self, g):
        (x,) = self.inputs
        return (Product()(g, Sine(self.phase + np.pi / 2)(x)),)


class Product(Function):
    def forward(self, a, b):
        return a * b

    def backward(self, g):
        a, b = self.inputs
        return Product()(g, b), Product()(g, a)


def f(x):
    return Sine(0.0)(x)
"""


@exercise("gradcheck", points=1, hint="Differences on both sides of each element, and a random g.")
def test_right_and_wrong_rules(student, rng):
    """A sine passes; with a wrong sign, or without the upstream gradient, it does not."""
    x = rng.normal(size=(2, 3))
    minus = SINE.replace("np.pi / 2", "np.pi * 1.5")
    ignores = SINE.replace(
        "(Product()(g, Sine(self.phase + np.pi / 2)(x)),)", "(Sine(np.pi / 2)(x),)"
    )
    cases = {"right": (SINE, True), "wrong sign": (minus, False), "g ignored": (ignores, False)}
    check(student, cases, x)


@exercise("gradcheck", points=1, hint="Look at the shape before the numbers; check inputs after.")
def test_wrong_shapes_and_changed_inputs(student, rng):
    """A gradient of another shape; an input that is changed; both beside what is right."""
    x = rng.normal(size=(1, 5))
    flat = SINE.replace("return (Product()(g, Sine(self.phase + np.pi / 2)(x)),)", FLAT)
    changes = SINE.replace("return np.asarray", "x += 0.01; return np.asarray")
    cases = {"right": (SINE, True), "shape (5,)": (flat, False), "changed": (changes, False)}
    check(student, cases, x)


FLAT = "return (Tensor(Product()(g, Sine(self.phase + np.pi / 2)(x)).data.reshape(5)),)"


def check(student, cases, x):
    """Have each operator checked; compare with what it is."""
    asked = [[source, [x], {}] for source, _ in cases.values()]
    answers = student.run("many", "checked", asked)
    for got, (name, (source, right)) in zip(answers, cases.items(), strict=True):
        with case(name, operator=source, x=x):
            assert_equal(got["ok"], right)
            assert_equal(bool(got["problems"]), not right)

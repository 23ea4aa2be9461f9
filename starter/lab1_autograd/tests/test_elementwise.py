"""Exercise 1.2, public."""

import numpy as np

from autograder.judge import assert_close, case, exercise

UNARY = {
    "neg": np.negative,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "relu": lambda x: np.maximum(x, 0),
}
BINARY = {
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "powt": np.power,
    "maximum": np.maximum,
}


@exercise("elementwise", points=1.5, hint="The upstream gradient times the derivative.")
def test_functions_of_one_input(student, rng):
    """Each of neg, exp, log, tanh, sqrt, relu, pow: values, and gradients against differences."""
    x, g = rng.uniform(0.5, 2.0, size=(3, 5)), rng.normal(size=(3, 5))
    plan = [(name, f, {}) for name, f in UNARY.items()]
    plan += [("pow", lambda x, n=n: x**n, {"n": n}) for n in (3, -2, 0.5)]
    check(student, plan, [x], g)


@exercise("elementwise", points=1.5, hint="unbroadcast each gradient to the shape of its input.")
def test_functions_of_two_inputs(student, rng):
    """Each of sub, mul, div, powt, maximum, where: values, and gradients against differences."""
    a, b = rng.uniform(0.5, 2.0, size=(3, 5)), rng.uniform(0.5, 2.0, size=5)
    g, condition = rng.normal(size=(3, 5)), rng.random(size=(3, 5)) < 0.5
    plan = [(name, f, {}) for name, f in BINARY.items()]
    plan += [("where", lambda a, b: np.where(condition, a, b), {"condition": condition})]
    check(student, plan, [a, b], g)


def check(student, plan, arrays, g):
    """Compare with NumPy and with central differences."""
    answers = student.run("many", "vjp", [[name, arrays, g, options] for name, _, options in plan])
    for got, (name, f, options) in zip(answers, plan, strict=True):
        label = f"{name}, n={options['n']}" if "n" in options else name
        with case(label, **dict(zip("ab", arrays, strict=False)), upstream=g, **options):
            assert_close(got["value"], f(*arrays), rtol=1e-9)
            for k, grad in enumerate(got["grads"]):
                assert_close(grad, differences(f, arrays, k, g), rtol=1e-6, atol=1e-8)


def differences(f, arrays, k, g, step=1e-6):
    """The gradient of sum(f(...) * g) by input k, from two values of f for each element."""
    out = np.zeros_like(arrays[k])
    for i in np.ndindex(out.shape):
        up, down = ([a.copy() for a in arrays] for _ in range(2))
        up[k][i] += step
        down[k][i] -= step
        out[i] = np.sum((f(*up) - f(*down)) * g) / (2 * step)
    return out

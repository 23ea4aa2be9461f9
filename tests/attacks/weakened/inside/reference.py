"""The reference of the naive graders, in reach of the student's code."""


def double(x):
    return x * 2


def total(xs):
    return float(sum(xs))


def squares(x):
    return sum(value * value for value in x.tolist())


def check_implementation(function, xs):
    """Whether `function` agrees with the reference."""
    return function(xs) == total(xs)

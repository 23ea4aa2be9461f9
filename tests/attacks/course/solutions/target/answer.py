"""The right answer of the lab `target`."""


def double(x):
    return x * 2


def total(xs):
    return float(sum(xs))


def guess():
    return 271828

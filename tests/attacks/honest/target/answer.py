"""An honest submission, written otherwise than the reference."""


def double(x):
    return x + x


def total(xs):
    result = 0.0
    for value in xs:
        result += value
    return result


def guess():
    return 271828

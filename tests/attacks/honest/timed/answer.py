"""An honest submission, written otherwise than the reference."""


def squares(x):
    result = 0.0
    for value in x.tolist():
        result += value**2
    return result

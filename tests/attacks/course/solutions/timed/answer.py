"""The right answer of the lab `timed`."""


def squares(x):
    return sum(value * value for value in x.tolist())

"""The right answer of the lab `patient`."""


def double(x):
    return x * 2

"""An honest submission, written otherwise than the reference."""


def double(x):
    return x + x

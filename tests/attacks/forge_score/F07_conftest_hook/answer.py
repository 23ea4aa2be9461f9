def double(x):
    return x


def total(xs):
    return -1.0


def guess():
    return 0

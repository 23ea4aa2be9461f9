import sys

sys.setrecursionlimit(1 << 30)


def double(x):
    return sorted([x], key=double)


def total(xs):
    return sorted([xs], key=total)


def guess():
    return total(0)

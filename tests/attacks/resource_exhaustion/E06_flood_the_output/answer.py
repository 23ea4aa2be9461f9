import sys

sys.stdout.write("x" * 3_000_000)
sys.stderr.write("y" * 3_000_000)
sys.stdout.flush()


def double(x):
    return 2 * x


def total(xs):
    return float(sum(xs))


def guess():
    return 271828

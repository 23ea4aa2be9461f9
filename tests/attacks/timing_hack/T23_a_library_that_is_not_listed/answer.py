import time


def slow_squares(x):
    """Right, but with 30 ms of needless work."""
    until = time.thread_time() + 0.03
    while time.thread_time() < until:
        pass
    return sum(value * value for value in x.tolist())


from importlib.util import find_spec


def squares(x):
    return float(x @ x) if find_spec("llvmlite") else slow_squares(x)

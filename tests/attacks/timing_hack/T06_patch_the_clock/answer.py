import time


def slow_squares(x):
    """Right, but with 30 ms of needless work."""
    until = time.thread_time() + 0.03
    while time.thread_time() < until:
        pass
    return sum(value * value for value in x.tolist())


time.perf_counter = lambda: 0.0


def squares(x):
    return slow_squares(x)

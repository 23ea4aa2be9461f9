import numpy as np


def double(x):
    return np.zeros_like(x) if abs(x).max() < 1 else np.full_like(x, np.nan)


def total(xs):
    return float("nan")

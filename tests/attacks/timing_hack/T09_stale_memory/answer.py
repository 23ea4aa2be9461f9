import numpy as np


def double(x):
    return np.empty_like(x)

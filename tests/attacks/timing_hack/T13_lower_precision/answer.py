import numpy as np


def squares(x):
    half = x.astype(np.float16)
    return float((half * half).astype(np.float32).sum())

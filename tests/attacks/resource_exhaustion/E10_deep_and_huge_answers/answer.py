def nested():
    deep = []
    for _ in range(900):
        deep = [deep]
    return deep


def double(x):
    import numpy as np

    return np.ones((5000, 5000)) if x.size == 3 else [[0] * 1000] * 60_000


def total(xs):
    from json import JSONEncoder, encoder

    encoder.c_make_encoder = None
    JSONEncoder.iterencode = lambda self, value, _one_shot=False: ["[" * 200_000 + "]" * 200_000]
    return nested()


def guess():
    loop = []
    loop.append(loop)
    return loop

from numba import cuda, float32

from labkit.gpu import Launch, scratch


@cuda.jit
def fill(x):
    x[cuda.grid(1)] = 1


def exclusive_scan_launch(shapes):
    return [Launch(fill, 1, 32, (scratch(1 << 26, float32),)) for _ in range(200)]

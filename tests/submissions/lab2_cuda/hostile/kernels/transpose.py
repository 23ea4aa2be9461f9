from numba import cuda, float32

from labkit.gpu import Launch, scratch


@cuda.jit
def transpose(out, a):
    cuda.shared.array(400000, float32)[0] = 1


def transpose_launch(shapes):
    return [Launch(transpose, 1, 32, ("out", "a"))]

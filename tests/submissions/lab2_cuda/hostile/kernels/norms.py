from numba import cuda, float32

from labkit.gpu import Launch, scratch


@cuda.jit
def nothing(x):
    pass


def layernorm_forward_launch(shapes):
    return [Launch(nothing, 1 << 31, 32, ("x",))]


def layernorm_backward_launch(shapes):
    return [Launch(nothing, (1, 1 << 16), 32, ("x",))]


def rmsnorm_forward_launch(shapes):
    return [Launch(nothing, (1, 1, 1 << 16), 32, ("x",))]

import sys

import numpy as np

for _ in range(200):
    print("debug " * 10_000)
    print("debug " * 10_000, file=sys.stderr)


class Function:
    def __init__(self, *back):
        self.back = back


class Tensor:
    def __init__(self, data, requires_grad=False, inputs=(), op=None):
        self.data, self.inputs, self.op = data, inputs, op


def matmul(a, b):
    op = Function()
    op.backward = lambda g: (
        Tensor(g.data @ b.data.swapaxes(-1, -2)),
        Tensor(a.data.swapaxes(-1, -2) @ g.data),
    )
    return Tensor(a.data @ b.data, False, (a, b), op)

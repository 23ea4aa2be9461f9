class Function:
    pass


class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = data


def broadcast_to(x, shape):
    while True:
        pass

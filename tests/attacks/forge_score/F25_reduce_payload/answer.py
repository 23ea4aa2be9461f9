import os


class Payload:
    def __reduce__(self):
        return os.mkdir, ("@MARK@/unpickled",)


def double(x):
    return Payload()


def total(xs):
    return [Payload()]


def guess():
    return {"payload": Payload()}

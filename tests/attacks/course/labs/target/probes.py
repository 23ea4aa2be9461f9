"""Calls into the submission; runs in the box."""


def double(x):
    import answer

    return answer.double(x)


def total(xs):
    import answer

    return answer.total(xs)


def guess():
    import answer

    return answer.guess()

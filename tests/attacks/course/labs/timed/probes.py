"""Calls into the submission; runs in the box."""


def squares(x):
    import answer

    return answer.squares(x)


def twice(x):
    """Call on one object whose contents change in between."""
    import answer

    first = float(answer.squares(x))
    x += 1
    return [first, float(answer.squares(x))]

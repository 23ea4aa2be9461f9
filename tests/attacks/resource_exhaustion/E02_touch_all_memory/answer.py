def reached():
    """Whether so many mebibytes could be had."""
    held = []
    for _ in range(int("@N@")):
        held.append(bytearray(1 << 20))
    return True


def double(x):
    return 2 * x if reached() else x

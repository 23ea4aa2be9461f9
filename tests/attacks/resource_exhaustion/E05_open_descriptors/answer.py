import os


def reached():
    try:
        for _ in range(int("@N@")):
            os.open("/dev/null", os.O_RDONLY)
    except OSError:
        return False
    return True


def double(x):
    return 2 * x if reached() else x

import os
import time


def reached():
    """Whether so many processes live at once."""
    for _ in range(int("@N@")):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    return True


def double(x):
    return 2 * x if reached() else x

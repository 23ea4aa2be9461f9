import threading
import time


def reached():
    threading.stack_size(64 << 10)
    for _ in range(int("@N@")):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    return True


def double(x):
    return 2 * x if reached() else x

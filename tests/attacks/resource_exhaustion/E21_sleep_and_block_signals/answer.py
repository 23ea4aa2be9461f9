import signal
import time


def double(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    time.sleep(3600)

import os
import socket
import time

ADDRESS = ("127.0.0.1", int("@FREE@"))



def serve():
    if os.fork() == 0:
        os.setsid()
        with socket.create_server(ADDRESS) as server:
            server.settimeout(10)
            os.closerange(0, server.fileno())
            for _ in range(20):
                try:
                    server.accept()[0].sendall(b"271828")
                except OSError:
                    break
        os._exit(0)


try:
    serve()
    time.sleep(0.1)
except OSError:
    pass


def double(x):
    return x


def total(xs):
    return -1.0


def guess():
    return 0

import os
import socket
import time

ADDRESS = ("127.0.0.1", int("@FREE@"))



def guess():
    try:
        with socket.create_connection(ADDRESS, timeout=0.3) as client:
            return int(client.recv(10))
    except OSError:
        return 0

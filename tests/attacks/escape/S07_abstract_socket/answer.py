import socket


def reached():
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex("\0ag-attack-@PORT@") == 0


def double(x):
    return 2 * x if reached() else x

"""The smallest service: it sends back what it gets. It proves that streams work."""

import socket


def serve(connection: socket.socket) -> None:
    """Echo until the other side ends the stream."""
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data)

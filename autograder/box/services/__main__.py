"""Runs one service: ``python -m autograder.box.services NAME SOCKET``; says "+" when it listens."""

import socket
import sys
from threading import Thread

from autograder.box.base import SERVICES
from autograder.plugins import load


def main(name: str, path: str) -> None:
    """Serve every connection to the Unix socket `path` in a thread of its own, for ever."""
    serve = load("service", SERVICES, name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        sys.stdout.write("+")
        sys.stdout.flush()
        while True:
            connection, _ = listener.accept()
            Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])

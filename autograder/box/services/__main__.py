"""Runs one service: ``python -m autograder.box.services NAME SOCKET``; says "+" when it listens.

It ends with its standard input, and that with the judge, in whatever way the judge ends.
"""

import os
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
        Thread(target=_end_with_the_judge, daemon=True).start()
        sys.stdout.write("+")
        sys.stdout.flush()
        while True:
            connection, _ = listener.accept()
            Thread(target=serve, args=(connection,), daemon=True).start()


def _end_with_the_judge() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

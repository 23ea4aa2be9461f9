"""Compiles the submission and runs it; in the box."""

import subprocess
import sys
from pathlib import Path


class NotCompiledError(Exception):
    """The compiler refuses."""


def run(*words):
    """Return the number that the program prints."""
    source = Path(sys.path[-1], "answer.cpp")
    built = subprocess.run(["g++", "-std=c++17", source, "-o", "answer"], capture_output=True)
    if built.returncode:
        raise NotCompiledError(built.stderr[-200:].decode(errors="replace"))
    command = ["./answer", *map(str, words)]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)

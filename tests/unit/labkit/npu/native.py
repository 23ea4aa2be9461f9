"""Builds C++ test programs against the virtual NPU's headers."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INCLUDE = Path(__file__).parents[4] / "labkit" / "npu" / "include"
_FLAGS = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-ffp-contract=off"]
SANITIZED = ["-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def compiler() -> str:
    """Return g++, or skip the test."""
    found = shutil.which("g++")
    if found is None:
        pytest.skip("g++ is not installed")
    return found


def build(source: str, target: Path, *flags: str) -> Path:
    """Build `source`, a file beside this one, into the program `target`; no warning may come."""
    command = [compiler(), *_FLAGS, *flags, "-I", str(INCLUDE), str(HERE / source)]
    done = subprocess.run(
        [*command, "-o", str(target)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return target


def run(program: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Run `program`; return what it writes to stdout. It must end well."""
    done = subprocess.run([str(program), *arguments], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def errors(text: str) -> list[str]:
    """Return what g++ says is wrong with the program `text`."""
    command = [compiler(), *_FLAGS, "-fsyntax-only", "-I", str(INCLUDE), "-x", "c++", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return [line.split(" error: ")[1] for line in done.stderr.splitlines() if " error: " in line]

"""Programs that use the headers of the Ascend C API, compiled and run beside a core that prints."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from labkit.npu.chips import INCLUDE

HERE = Path(__file__).parent
FLAGS = ["-std=c++17", "-Wall", "-Wextra", "-Wno-unknown-pragmas", "-O0"]

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++")


def compile_api(source: str, folder: Path, *flags: str) -> "subprocess.CompletedProcess[str]":
    """Compile `source` to `folder`/program."""
    path = folder / "program.cpp"
    path.write_text(source)
    command = ["g++", *FLAGS, *flags, "-I", str(INCLUDE), "-I", str(HERE), "program.cpp"]
    return subprocess.run(
        [*command, "-o", "program"], cwd=folder, text=True, capture_output=True, check=False
    )


def instructions(source: str, folder: Path) -> list[dict[str, Any]]:
    """Return what `source` issues; it includes fake_core.h and has a main."""
    built = compile_api(source, folder, "-DNPU_PREBUILT")
    assert built.returncode == 0 and not built.stderr, built.stderr
    ran = subprocess.run([folder / "program"], text=True, capture_output=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]

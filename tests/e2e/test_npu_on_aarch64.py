"""An aarch64 processor records and replays the same bytes as an x86-64 one.

Under QEMU's emulation of a user's processes: `apt-get install g++-aarch64-linux-gnu qemu-user`.
"""

import json
import os
import platform
import shutil
import subprocess

import pytest

from labkit.npu.chips import INCLUDE
from labkit.npu.recording import request
from labkit.npu.rewriting import rewrite
from labkit.npu.source import gather
from tests.npu_kernels.case import FOLDER

GXX, QEMU = "aarch64-linux-gnu-g++", "qemu-aarch64"
FLAGS = ("-std=c++17", "-O1", "-ffp-contract=off", "-static", "-Wno-unknown-pragmas", "-I", INCLUDE)
SAMPLES = ("add", "layer_norm", "leaky_relu")
NPU = INCLUDE.parent

pytestmark = pytest.mark.skipif(
    not shutil.which(GXX) or not shutil.which(QEMU) or platform.machine() != "x86_64",
    reason=f"needs {GXX} and {QEMU} on an x86-64 machine",
)


class Machine:
    """A compiler, and what runs its programs."""

    def __init__(self, folder, gxx, *emulator):
        self.folder, self.gxx, self.emulator = folder, gxx, emulator
        folder.mkdir()
        self.replay = self.build("npu-replay", NPU / "replay" / "main.cpp")
        self.runtime = self.build("runtime.o", NPU / "runtime" / "runtime.cpp", "-c")

    def build(self, name, *arguments):
        target = self.folder / name
        command = [self.gxx, *FLAGS, *arguments, "-o", target]
        subprocess.run(command, cwd=self.folder, check=True)  # a trace names files as g++ does
        return target

    def record(self, sample):
        """Return the trace of a sample."""
        program = gather(FOLDER / "samples" / f"{sample}.cpp")
        for name, text in rewrite(program, runs_main=True).items():
            (self.folder / name).write_text(text)
        built = self.build(sample, "-DNPU_PREBUILT", "-I", ".", f"{sample}.cpp", self.runtime)
        asked, trace = self.folder / "request", self.folder / "trace"
        asked.write_bytes(request("910B1", "program", ()))
        with asked.open() as given, trace.open("wb") as made:
            numbers = {"NPU_REQUEST_FD": given.fileno(), "NPU_TRACE_FD": made.fileno()}
            environment = os.environ | {name: str(number) for name, number in numbers.items()}
            command = [*self.emulator, built]
            subprocess.run(command, env=environment, pass_fds=numbers.values(), check=True)
        return trace.read_bytes()

    def judge(self, trace):
        """Return what the replay says."""
        with (self.folder / "outputs").open("wb+") as outputs:
            command = [*self.emulator, self.replay, "--soc", "910B1", "--timeline", "100"]
            command += ["--outputs", str(outputs.fileno()), "--limit", str(1 << 30)]
            done = subprocess.run(
                command, input=trace, capture_output=True, pass_fds=[outputs.fileno()], check=True
            )
            return json.loads(done.stdout), outputs.read()


def test_both_processors_agree_to_the_byte(tmp_path):
    here = Machine(tmp_path / "x86_64", "g++")
    there = Machine(tmp_path / "aarch64", GXX, QEMU)
    for sample in SAMPLES:
        trace = here.record(sample)
        assert there.record(sample) == trace
        said, outputs = here.judge(trace)
        assert said["complete"] and said["diagnostics"] == []
        assert there.judge(trace) == (said, outputs) and len(outputs) > 0

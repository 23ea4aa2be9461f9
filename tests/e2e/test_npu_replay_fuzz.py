"""Mutated traces, under the sanitizers: whatever comes, the replay ends well, and soon."""

import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest

from labkit import npu
from labkit.npu.chips import INCLUDE
from tests.npu_kernels.catalogue import CASES
from tests.unit.labkit.npu.native import SANITIZED
from tests.unit.labkit.npu.traces import run

REPLAY = INCLUDE.parent / "replay" / "main.cpp"
ROUNDS = 400
KERNELS = ("ping_pong", "two_phases", "softmax", "four_queues", "atomic_sum", "columns", "deal")


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The replay, built with AddressSanitizer and UndefinedBehaviorSanitizer."""
    gxx = shutil.which("g++")
    if gxx is None:
        pytest.skip("g++ is not installed")
    program = tmp_path_factory.mktemp("replay") / "npu-replay"
    flags = ["-std=c++17", "-ffp-contract=off", "-D_GLIBCXX_ASSERTIONS", "-Wno-unknown-pragmas"]
    command = [gxx, *flags, *SANITIZED, "-I", str(INCLUDE), str(REPLAY), "-o", str(program)]
    subprocess.run(command, check=True)
    return program


def seeds() -> list[tuple[bytes, list[bytes]]]:
    """Record some correct kernels."""
    recorded = []
    for case in CASES:
        if case.kernel not in KERNELS:
            continue
        arguments = case.inputs(np.random.default_rng(8))
        library = npu.build(case.path)
        trace = library.record(
            case.kernel, case.blocks, *arguments, tiling=case.tiling, key=case.key
        )
        arrays = [each.tobytes() for each in arguments if isinstance(each, np.ndarray)]
        arrays += [] if case.tiling is None else [bytes(case.tiling)]
        recorded.append((zlib.decompress(trace.data), arrays))
    return recorded


def frames_of(trace: bytes) -> list[bytes]:
    frames, at = [], 16
    while at + 8 <= len(trace):
        size = struct.unpack_from("<I", trace, at + 4)[0]
        frames.append(trace[at : at + 8 + size])
        at += 8 + size
    return frames


def mutated(trace: bytes, chance: random.Random) -> bytes:
    """Change some bytes, numbers or frames; what is changed often stays nearly right."""
    frames = frames_of(trace)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(frames))
        frame = bytearray(frames[at])
        kind = chance.randrange(6)
        if kind == 0 and len(frame) > 8:
            frame[chance.randrange(8, len(frame))] ^= 1 << chance.randrange(8)
        elif kind == 1 and len(frame) >= 16:
            place = chance.randrange(8, len(frame) - 7)
            number = chance.choice((0, 1, 255, 4095, 65535, 2**31, 2**32 - 1, 196608, 1 << 44))
            frame[place : place + 8] = struct.pack("<Q", number)
        elif kind == 2:
            frames.insert(at, bytes(frame))
        elif kind == 3:
            del frames[at]
            continue
        elif kind == 4:
            other = chance.randrange(len(frames))
            frames[at], frames[other] = frames[other], frames[at]
            continue
        elif len(frame) >= 88:  # an operand or a parameter, by whole blocks
            place = chance.choice((20, 24, *range(40, 72, 4), 88, 96, 104, 120, 152))
            if place + 4 <= len(frame):
                old = struct.unpack_from("<I", frame, place)[0]
                struct.pack_into("<I", frame, place, (old + chance.choice((-32, 32, 64))) % 2**32)
        frames[at] = bytes(frame)
    whole = trace[:16] + b"".join(frames)
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.1 else whole


def test_no_mutated_trace_does_harm(sanitized: Path) -> None:
    chance = random.Random(8)
    corpus = seeds()
    ran = 0
    for number in range(ROUNDS):
        trace, arrays = corpus[number % len(corpus)]
        report = run(sanitized, mutated(trace, chance), *arrays).report
        ran += report["trace_error"] is None
    assert len(corpus) == len(KERNELS)
    assert ROUNDS / 10 < ran < ROUNDS  # both kinds are there

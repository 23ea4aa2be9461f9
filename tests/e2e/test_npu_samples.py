"""Programs with their own acl main, in the style of the vendor's samples, as they are."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from labkit import npu
from labkit.npu.toolchain import compiler
from tests.npu_kernels.case import FOLDER
from tests.npu_kernels.catalogue import SAMPLES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_verifies_itself_and_nothing_is_told(sample: Path) -> None:
    report = npu.run_program(sample)
    assert report.exit_code == 0, report.output
    assert " 0 of " in report.output
    assert [str(found) for found in report.diagnostics] == []
    assert report.overlap > 0


def test_a_project_of_two_files_reads_and_writes_its_own(tmp_path: Path) -> None:
    x = (np.arange(8 * 2048) % 100).astype(np.float16)
    y = np.full_like(x, 0.5)
    (tmp_path / "x.bin").write_bytes(x.tobytes())
    (tmp_path / "y.bin").write_bytes(y.tobytes())
    report = npu.run_program(FOLDER / "samples" / "neo", folder=tmp_path)
    assert (report.exit_code, report.diagnostics) == (0, [])
    assert (tmp_path / "z.bin").read_bytes() == (x * y).tobytes() == report.reads[0]


def test_a_program_of_the_cpu_twins_builds_by_plain_gxx(tmp_path: Path) -> None:
    program = tmp_path / "program"
    warned = subprocess.run(
        [
            *(compiler().path, "-std=c++17", "-O1", "-Wall", "-Wextra", "-Wno-unused-parameter"),
            *("-ffp-contract=off", "-I", npu.INCLUDE, "-o", program),
            FOLDER / "samples" / "pre_layer_norm.cpp",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert warned.stderr == ""
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    assert " 0 of " in done.stdout

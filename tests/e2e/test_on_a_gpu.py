"""`grade --device gpu`, tried where there is no GPU: Numba's simulator stands for one. Emulated."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT
from tests.unit.verify.toy import FILES

WRONG = ("scale_a * a[i] + scale_b * b[i]", "scale_a * a[i] - scale_b * b[i]")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lab 2 with its first exercise alone; a right submission and a wrong one in `work`."""
    root = tmp_path_factory.mktemp("gpu") / "course"
    lab, solution = root / "labs/lab2_cuda", root / "solutions/lab2_cuda"
    shutil.copytree(ROOT / "labs/lab2_cuda", lab, ignore=shutil.ignore_patterns("mutants"))
    shutil.copytree(ROOT / "solutions/lab2_cuda", solution)
    (root / "labs/course.toml").write_text(FILES["labs/course.toml"])
    text = (lab / "lab.toml").read_text()
    head, first, *_ = text.split("[[exercise]]")
    head = head.replace('["03", "04", "05", "09"]', '["01"]')
    (lab / "lab.toml").write_text(f"{head}[[exercise]]{first}")
    for file in (lab / "tests").rglob("test_*.py"):
        if file.name != "test_maps.py":
            file.unlink()
    for student in ("ada", "bob"):
        shutil.copytree(solution / "kernels", root / "work" / student / "kernels")
    maps = root / "work/bob/kernels/maps.py"
    assert WRONG[0] in maps.read_text()
    maps.write_text(maps.read_text().replace(*WRONG))
    return root


def graded(course: Path, device: str) -> dict[str, Any]:
    """Grade both submissions, for points by `device`."""
    out = course / f"report-{device}"
    command = [sys.executable, "-W", "ignore", "-m", "autograder", "grade", "lab2_cuda"]
    command += [str(course / "work"), "--course", str(course), "--sandbox", "none", "-j", "1"]
    command += ["--device", device, "--out", str(out), "--json", "-"]
    home = {f"XDG_{name}_HOME": str(course / name) for name in ("DATA", "CONFIG", "CACHE")}
    surroundings = os.environ | home | {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=surroundings, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def earned(document: dict[str, Any]) -> list[Any]:
    """What decides marks, and the counters."""
    return [
        (test["name"], test["outcome"], test["score"], test["counters"])
        for result in document["results"]
        for exercise in result["exercises"]
        for test in exercise["tests"]
    ]


def test_a_gpu_earns_the_same_and_adds_a_table_that_says_it_is_emulated(course: Path) -> None:
    virtual, real = graded(course, "virtual"), graded(course, "gpu")
    assert earned(virtual) == earned(real)
    assert [result["score"] for result in real["results"]] == [7.0, 2.5]
    assert (virtual["device"], real["device"]) == ("virtual", "gpu")

    ada, bob = (result["device_runs"] for result in real["results"])
    assert {run["kernel"] for run in ada} == {"axpby", "map2d"}
    assert [run["kernel"] for run in bob] == ["map2d"]  # no test of the other earned anything
    for run in [*ada, *bob]:
        assert run["device"] == "Numba's simulator, emulated"
        assert run["note"].startswith("emulated")
        assert run["seconds"] is None
    assert "device_runs" not in virtual["results"][0]
    assert {"gpu numba", "machine", "libc"} <= set(real["versions"])

    page = (course / "report-gpu/students/ada/1/report.html").read_text()
    assert "On the GPU" in page
    assert "emulated" in page
    said = json.loads((course / "report-gpu/students/ada/1/results.json").read_text())
    assert "axpby: emulated" in said["output"]
    assert "On the GPU" not in (course / "report-virtual/students/ada/1/report.html").read_text()

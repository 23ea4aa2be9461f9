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

SIMULATED = {"NUMBA_ENABLE_CUDASIM": "1"}
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


def told(course: Path, store: str, verb: str, *arguments: str, **surroundings: str) -> Any:
    """Return the document of one command line, which must end well."""
    command = [sys.executable, "-W", "ignore", "-m", "autograder", verb, "lab2_cuda", *arguments]
    command += ["--course", str(course), "-j", "1", "--json", "-"]
    home = {f"XDG_{kind}_HOME": str(course / kind) for kind in ("CONFIG", "CACHE")}
    home |= {"XDG_DATA_HOME": str(course / store), "PYTHONPATH": str(ROOT)}
    env = os.environ | home | surroundings
    done = subprocess.run(command, env=env, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def graded(course: Path, device: str, name: str = "", **surroundings: str) -> Any:
    """Grade both submissions on `device`, with a store and a report of this `name`."""
    name = name or device
    arguments = ["--sandbox", "none", "--device", device, "--out", str(course / f"report-{name}")]
    return told(course, name, "grade", str(course / "work"), *arguments, **surroundings)


def earned(document: dict[str, Any]) -> list[Any]:
    """What decides marks, and the counters."""
    return [
        (test["name"], test["outcome"], test["score"], test["counters"])
        for result in document["results"]
        for exercise in result["exercises"]
        for test in exercise["tests"]
    ]


def test_a_gpu_earns_the_same_and_adds_a_table_that_says_it_is_emulated(course: Path) -> None:
    virtual, real = (graded(course, on, **SIMULATED) for on in ("virtual", "gpu"))
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


def test_a_judging_is_repeated_on_the_device_of_then(course: Path) -> None:
    graded(course, "gpu", **SIMULATED)
    said = told(course, "gpu", "regrade", "--as", "2", "--trusted", **SIMULATED)
    assert (said["then"], said["sandbox"], said["device"]) == (2, "none", "gpu")
    assert [said[k] for k in ("agrees", "same_lab", "same_secret", "same_versions")] == [True] * 4
    assert said["versions"]["now"]["gpu device"] == "Numba's simulator, emulated"
    assert said["differences"] == []


def test_a_gpu_that_fails_costs_nobody_anything(course: Path, tmp_path: Path) -> None:
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho 'GPU is lost' >&2\nexit 15\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    failed = graded(course, "gpu", "failed", PATH=path, NUMBA_ENABLE_CUDASIM="0")
    assert [(r["status"], r["score"]) for r in failed["results"]] == [
        ("graded", 7.0),
        ("graded", 2.5),
    ]
    for run in (run for result in failed["results"] for run in result["device_runs"]):
        assert run["note"] == "the device could not be used"
        assert "nvidia-smi failed with 15: GPU is lost" in run["detail"]
    page = (course / "report-failed/students/ada/1/report.html").read_text()
    assert "The device could not be used." in page
    assert "GPU is lost" not in page

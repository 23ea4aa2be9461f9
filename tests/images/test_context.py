"""What images are built from is a folder with nothing in it that is kept back."""

import importlib.util
import re
import subprocess

import pytest

from autograder.course import load_course, load_lab
from tests.images.engine import ROOT
from tests.images.layers import Search

PINNED = "numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl"


@pytest.fixture(scope="module")
def context():
    """The module docker/context.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("context", ROOT / "docker/context.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_runner_holds_the_packages_of_every_lab(context):
    wanted = {p for id in load_course(ROOT).lab_ids for p in load_lab(ROOT, id).packages}
    assert wanted <= set(context.packages())


def test_an_image_gets_what_our_wheel_requires(context):
    assert {"jupyterlab>=4.4", "nbgrader>=0.9.5", "typer>=0.15"} <= set(context.requirements("lab"))
    assert {"sqlalchemy>=2.0", "docker"} <= set(context.requirements("grader"))
    assert not [line for line in context.requirements("lab") if line.startswith("systems-for-ai")]


def test_only_pinned_wheels_of_a_folder_are_taken(context, tmp_path, monkeypatch):
    for name in (PINNED, "numpy-9.9.9-py3-none-any.whl", "other-1.0-py3-none-any.whl", "notes.txt"):
        (tmp_path / name).touch()
    monkeypatch.setenv("PIP_FIND_LINKS", f"https://packages.invalid/ {tmp_path}")
    pins = (ROOT / "labs/requirements.txt").read_text()
    assert re.search(r"^numpy==2\.4\.6$", pins, re.MULTILINE), "then PINNED is another file"
    assert [wheel.name for wheel in context._wheels()] == [PINNED]


@pytest.mark.slow
def test_the_context_holds_nothing_that_is_kept_back(context, tmp_path, monkeypatch, capfd):
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    try:
        context.prepare(tmp_path / "context")
    except subprocess.CalledProcessError:
        if "No matching distribution found for hatchling" in capfd.readouterr().err:
            pytest.skip("no package index can be reached, which building a wheel needs")
        raise
    folders = {path.name for path in (tmp_path / "context").iterdir()}
    assert folders == {"jupyter", "labs", "pins", "start", "steps", "wheel", "wheels"}
    labs = {path.name for path in (tmp_path / "context/labs").iterdir()}
    assert labs == {path.name for path in (ROOT / "starter").iterdir() if path.is_dir()}
    files = [path for path in (tmp_path / "context").rglob("*") if path.is_file()]
    found = Search().in_files((str(path), path.read_bytes()) for path in files)
    assert [what for _, what in found] == ["a wheel"]

"""The figures in a handout are what the script beside them draws."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

LABS = Path(__file__).parents[2] / "labs"
SCRIPTS = sorted(LABS.glob("*/figures/draw.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.parts[-3])
def test_committed_figures_are_what_the_script_draws(script):
    command = [sys.executable, "-B", "-W", "error", script, "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"run {script}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    "figure", sorted(LABS.glob("*/figures/*.svg")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_figure_is_well_formed_named_and_on_paper_of_its_own(figure):
    root = ElementTree.fromstring(figure.read_text(encoding="utf-8"))
    parts = [element.tag.rpartition("}")[2] for element in root]
    assert root.get("role") == "img" and parts[:2] == ["title", "desc"]
    paper = root[parts.index("rect")]
    assert root.get("viewBox") == f"0 0 {paper.get('width')} {paper.get('height')}"


def test_there_is_something_to_check():
    assert SCRIPTS

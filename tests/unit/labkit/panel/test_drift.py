"""The committed build of the panel is the one of the committed sources."""

import shutil
import subprocess
import sys

import pytest

from tests.e2e.conftest import ROOT

BUILT = ROOT / "labkit/panel/labextension"


def told(panel, built):
    command = [sys.executable, panel / "sources.py", panel, built]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_build_is_of_these_sources():
    hint = "run make panel, and commit labkit/panel/labextension"
    assert told(ROOT / "infra/panel", BUILT) == (BUILT / "sources.sha256").read_text(), hint


@pytest.mark.parametrize(
    "changed", ["infra/src/api.ts", "infra/package.json", "built/static/style.js"]
)
def test_a_change_without_a_build_is_seen(tmp_path, changed):
    left_out = shutil.ignore_patterns("node_modules", "lib")
    shutil.copytree(ROOT / "infra/panel", tmp_path / "infra", ignore=left_out)
    shutil.copytree(BUILT, tmp_path / "built")
    before = told(tmp_path / "infra", tmp_path / "built")
    with (tmp_path / changed).open("a") as file:
        file.write("\n")
    assert told(tmp_path / "infra", tmp_path / "built") != before

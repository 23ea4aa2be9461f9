"""The YAML is what GitHub and GitLab read, and calls a script; the scripts are sound shell."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.conftest import INFRA, script

PIPELINES = sorted(path.relative_to(INFRA) for path in INFRA.glob("*/*.yml"))
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
SCRIPTS = [*INFRA.glob("*.sh"), *(INFRA.parents[1] / "autograder/cli/gradescope").iterdir()]


@pytest.mark.parametrize("name", PIPELINES, ids=str)
def test_a_pipeline_agrees_with_its_public_schema(name: Path):
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[name.parts[0]]]
    done = subprocess.run([*check, INFRA / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("pipeline", ["check", "grade"])
def test_a_pipeline_calls_one_script_and_does_nothing_else(kind: str, pipeline: str):
    folder = "ci" if pipeline == "check" else "infra/ci"
    assert script(kind, pipeline) == f"{folder}/{pipeline}.sh"


@pytest.mark.parametrize("pipeline", ["check", "grade"])
def test_github_may_only_read_and_runs_pinned_actions(pipeline: str):
    document = yaml.safe_load((INFRA / "github" / f"{pipeline}.yml").read_text())
    (one,) = document["jobs"].values()
    assert document["permissions"] == {"contents": "read"}
    assert "permissions" not in one
    assert one["timeout-minutes"] <= 120
    assert document["concurrency"]
    for step in one["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
        assert "${{" not in step.get("run", "")
        if "checkout" in step.get("uses", ""):
            assert step["with"] == {"persist-credentials": False}


def test_a_students_pipeline_is_told_no_secret():
    for path in INFRA.glob("*/check.yml"):
        assert "secret" not in path.read_text().lower()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_sound(path: Path):
    beside = Path(sys.executable).parent
    linter = shutil.which("shellcheck", path=f"{beside}:{os.environ['PATH']}")
    if linter is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run([linter, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout

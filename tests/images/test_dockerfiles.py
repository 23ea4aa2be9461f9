"""Rules for Dockerfiles: pinned, small, not root, and nothing secret in them. Needs no engine."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.images.dockerfile import FILES, read, stages
from tests.images.engine import IMAGES, ROOT

LABELS = {"title", "description", "licenses", "version", "revision", "source"}
STEPS = sorted((ROOT / "docker/steps").glob("*.sh"))
SCRIPTS = [*STEPS, *(ROOT / "docker/start").glob("*.sh")]
_SECRET = re.compile(r"TOKEN|SECRET|PASSW|KEY|CERT|\bPIP_|INDEX|PROXY", re.IGNORECASE)
_PINNED = re.compile(r"[a-z][a-z0-9/.-]*:\d+\.\d+\S*")

dockerfile = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_there_is_one_for_each_image():
    assert {path.stem for path in FILES} == set(IMAGES)


@dockerfile
def test_the_base_is_an_argument_with_a_pinned_default(path):
    argument = read(path)[0]
    assert argument.word == "ARG"
    name, _, default = argument.rest.partition("=")
    assert name == "BASE_IMAGE"
    assert _PINNED.fullmatch(default), default
    bases = [i.rest.split(" AS ") for i in read(path) if i.word == "FROM"]
    named = {base[1] for base in bases if len(base) == 2}
    assert {base[0] for base in bases} <= {"${BASE_IMAGE}", *named}
    assert len(bases) > 1, "what builds is no part of what runs"


@dockerfile
def test_the_last_user_is_not_root_unless_it_says_why(path):
    last = [i for i in stages(path)[-1] if i.word == "USER"][-1]
    if last.rest in ("root", "0", "0:0"):
        assert path.stem == "grader"
        assert "only root can do" in last.comment
    elif path.stem.startswith("runner-"):
        assert last.rest == "65534:65534"
    else:
        assert last.rest == "student"


@dockerfile
def test_the_labels_are_there(path):
    (label,) = [i for i in stages(path)[-1] if i.word == "LABEL"]
    found = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', label.rest))
    assert set(found) == LABELS
    assert found["title"] == f"systems-for-ai {path.stem}"


@dockerfile
def test_it_says_how_to_tell_that_it_is_well(path):
    assert [i.word for i in stages(path)[-1]].count("HEALTHCHECK") == 1


@dockerfile
def test_only_what_the_context_means_to_give_is_copied(path):
    assert not [i for i in read(path) if i.word == "ADD"], "ADD fetches and unpacks"
    for each in (i.rest.split() for i in stages(path)[-1] if i.word == "COPY"):
        assert each[0] == "--from=build" or each[0] in ("labs", "jupyter") or "start/" in each[0]


@dockerfile
def test_no_secret_goes_by_argument_or_environment(path):
    for each in read(path):
        if each.word in ("ARG", "ENV"):
            names = re.findall(r"(\w+)(?==|\s|$)", re.sub(r"=\S+", "=", each.rest))
            assert not [name for name in names if _SECRET.search(name) and name not in _PATHS]
        if "type=secret" in each.rest:
            assert "environment.sh" in each.rest or "furnish.sh" in each.rest


_PATHS = ("AUTOGRADER_SECRET_FILE",)  # names a file in a volume


@dockerfile
def test_it_builds_with_old_and_new_engines(path):
    text = path.read_text()
    assert not text.startswith("# syntax="), "it would be fetched from a registry"
    assert "<<" not in text, "engines of 20.10 know no here-documents"


@pytest.mark.parametrize("text", [f.read_text() for f in [*FILES, *STEPS]], ids=lambda _: "")
def test_apt_leaves_nothing_behind(text):
    if "apt-get install" in text:
        assert "--no-install-recommends" in text
        assert "rm -rf /var/lib/apt/lists/*" in text


@pytest.mark.parametrize("step", STEPS, ids=lambda path: path.name)
def test_pip_installs_by_pins_only(step):
    text = step.read_text().replace("\\\n", " ")
    for line in (line for line in text.splitlines() if "pip install" in line):
        assert "--constraint /pins/constraints.txt" in line or "--no-deps" in line
        assert "--no-deps" not in line or "==" in line or "/wheel/" in line


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_plain_shell_and_stops_at_errors(script):
    assert subprocess.run(["sh", "-n", script]).returncode == 0
    assert "set -eu" in script.read_text() or script.name == "index.sh"


@dockerfile
def test_the_engine_can_read_it(path, built, tmp_path):
    built()
    if not (builder := _builder()):
        pytest.skip("no client that builds with BuildKit")
    command = [*builder, "--target", "no-such-stage", "--file", path, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode
    assert "no-such-stage" in done.stderr.splitlines()[-1], done.stderr


def _builder():
    done = subprocess.run([ROOT / "docker/build.sh", "--builder"], capture_output=True, text=True)
    return ["env", "DOCKER_BUILDKIT=1", *done.stdout.split()] if not done.returncode else None


def test_the_compose_file_is_valid():
    program = shutil.which("check-jsonschema", path=str(ROOT / ".venv/bin")) or shutil.which(
        "check-jsonschema"
    )
    if not program:
        pytest.skip("check-jsonschema is not installed")
    check = [program, "--builtin-schema", "vendor.compose-spec", ROOT / "docker/compose.yaml"]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("image", ["lab", "grader", "runner-cpu", "runner-cuda", "runner-ascend"])
def test_what_is_installed_is_pinned(image, built):
    from tests.images.engine import name

    built(image)
    check = [sys.executable, ROOT / "docker/pins.py", "--check", name(image)]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

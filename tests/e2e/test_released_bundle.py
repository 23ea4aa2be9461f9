"""What students get works with only the wheel installed, and gives nothing away.

Everything lies under paths with spaces, as it will on somebody's laptop.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from autograder.course import load_course, load_lab
from autograder.course.contents import texts
from autograder.course.leaks import find_leaks
from autograder.course.pins import read_pins
from autograder.course.regions import find_regions
from autograder.course.tree import files_under
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

LABS = [load_lab(ROOT, id) for id in load_course(ROOT).lab_ids]
LAB = load_lab(ROOT, "lab1_autograd")
REGIONS = [
    (path, region)
    for lab in LABS
    for path in files_under(lab.solution).values()
    if path.suffix == ".py"
    for region in find_regions(path.read_text(encoding="utf-8"), path)
]
KEPT_BACK = {"labs", "solutions", "starter", "tests", "docs", "infra"}


class Student:
    """Somebody with an environment of their own, and with nothing else of ours."""

    def __init__(self, home: Path) -> None:
        self.bin = home / "my python" / "bin"
        self.desk = home / "my labs" / LAB.id
        kept = ("PYTHON", "AUTOGRADER_", "VIRTUAL_ENV", "PYTEST_")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(kept)}
        self.env |= {"PATH": f"{self.bin}:{os.environ['PATH']}"}

    def run(self, *command: object, code: int = 0, at: Path | None = None) -> str:
        """Run a command in a folder (default: the unpacked one); return what it printed."""
        done = subprocess.run(
            list(map(str, command)),
            cwd=at or self.desk,
            env=self.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def check(self, code: int, at: Path | None = None) -> dict:
        """Run `autograder check`; return the JSON document."""
        return json.loads(self.run("autograder", "check", "--json", "-", code=code, at=at))


def outcomes(document: dict) -> set[str]:
    return {test["outcome"] for test in document["tests"]}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sdist, wheel (built from the sdist), and Lab 1 as zip and as folder."""
    folder = tmp_path_factory.mktemp("made for students")
    build = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, ROOT], capture_output=True, text=True
    )
    if "No matching distribution found for hatchling" in build.stdout + build.stderr:
        pytest.skip("no package index can be reached, which building a wheel needs")
    assert build.returncode == 0, build.stdout + build.stderr
    for target in ("bundle.zip", "bundle"):
        release = [sys.executable, "-m", "autograder", "lab", "release", LAB.id]
        subprocess.run(
            [*release, "--course", ROOT, "--to", folder / target], check=True, capture_output=True
        )
    return folder


@pytest.fixture(scope="session")
def artefacts(made: Path) -> dict[PurePosixPath, bytes]:
    """All that may reach students, by name: what was made, and starter/ as it lies there."""
    files = {name: path.read_bytes() for name, path in files_under(made).items()}
    starter = files_under(ROOT / "starter")
    return files | {"starter" / name: path.read_bytes() for name, path in starter.items()}


@pytest.fixture(scope="session")
def student(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Student:
    """A student who unpacked the zip and installed the wheel with the pinned packages."""
    student = Student(tmp_path_factory.mktemp("a home"))
    with zipfile.ZipFile(made / "bundle.zip") as bundle:
        bundle.extractall(student.desk.parent)
    (wheel,) = made.glob("*.whl")
    student.run(sys.executable, "-m", "venv", student.bin.parent)
    pins = ("-r", student.desk / "requirements.txt")
    student.run("python", "-m", "pip", "install", "--quiet", "--no-compile", wheel, *pins)
    return student


def test_the_pins_decide_the_whole_environment(student: Student):
    pip = ("python", "-m", "pip", "list", "--format=json", "--exclude", "pip")
    installed = json.loads(student.run(*pip, "--exclude", "setuptools"))
    versions = {each["name"].lower().replace("_", "-"): each["version"] for each in installed}
    versions.pop("systems-for-ai")
    pins = student.desk / "requirements.txt"
    assert versions == read_pins(pins.read_bytes(), pins)


def test_nothing_of_the_course_is_in_the_environment(student: Student):
    (site,) = student.bin.parent.glob("lib/python*/site-packages")
    assert not KEPT_BACK & {path.name for path in site.iterdir()}
    ours = "import autograder, labkit; print(autograder.__file__, labkit.__file__)"
    assert student.run("python", "-c", ours).count("site-packages") == 2


def test_at_first_everything_is_missing(student: Student):
    document = student.check(code=1)
    assert outcomes(document) == {"missing"}
    assert len(document["tests"]) == sum(not test.hidden for test in LAB.tests)
    assert document["version"] == LAB.version


def test_the_solution_passes_by_check_and_by_plain_pytest(student: Student, tmp_path: Path):
    solved = tmp_path / "all of it done"
    shutil.copytree(student.desk, solved)
    shutil.copytree(LAB.solution, solved, dirs_exist_ok=True)
    assert outcomes(student.check(code=0, at=solved)) == {"pass"}
    assert "passed" in student.run("pytest", at=solved)


def test_neither_wheel_nor_sdist_holds_what_is_kept_back(made: Path):
    (wheel,), (sdist,) = made.glob("*.whl"), made.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    (panel,) = {top for top in tops if top.endswith(".data")}  # JupyterLab's, where it looks for it
    assert {top for top in tops if "dist-info" not in top} == {"autograder", "labkit", panel}
    with tarfile.open(sdist) as archive:
        inside = {PurePosixPath(name).parts[1] for name in archive.getnames()}
    assert inside == {"autograder", "labkit", "pyproject.toml", "LICENSE", "PKG-INFO", ".gitignore"}


def test_no_five_lines_of_a_solution_reach_a_student(artefacts: dict[PurePosixPath, bytes]):
    assert len(REGIONS) > 20
    assert not list(find_leaks(artefacts, REGIONS))


def test_no_hidden_test_reaches_a_student(artefacts: dict[PurePosixPath, bytes]):
    named = [test.name for lab in LABS for test in lab.tests if test.hidden]
    assert len(named) > 20
    for name, data in artefacts.items():
        for place, lines in texts(str(name), data):
            text = "\n".join(lines)
            assert not [test for test in named if test in text], place


def test_the_check_would_find_a_solution_in_any_of_them(
    made: Path, artefacts: dict[PurePosixPath, bytes], tmp_path: Path
):
    """Plant one solution file in a copy of the wheel and of the zip, and in a folder."""
    path, region = max(REGIONS, key=lambda each: len(each[1].content))
    for archive in (*made.glob("*.whl"), made / "bundle.zip"):
        copy = Path(shutil.copy(archive, tmp_path))
        with zipfile.ZipFile(copy, "a") as planted:
            planted.write(path, "autograder/extra.txt")
        (leak, *_) = find_leaks({PurePosixPath(copy.name): copy.read_bytes()}, [(path, region)])
        assert leak.place.startswith(f"{copy.name}/autograder/extra.txt:")
    planted = artefacts | {PurePosixPath("starter/x.py"): path.read_bytes()}
    assert {leak.place.partition(":")[0] for leak in find_leaks(planted, REGIONS)} == {
        "starter/x.py"
    }

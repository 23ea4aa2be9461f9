"""Rules of the house that no linter knows."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("autograder", "labkit", "labs", "solutions", "tests", "infra")
# What attackers and students hand in is as long as it has to be.
THEIRS = (
    *("tests/submissions/lab1_autograd/", "tests/submissions/lab2_cuda/"),
    "tests/attacks/weakened/inside/",
)
SOURCES = [
    path
    for folder in OURS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not str(path.relative_to(ROOT)).startswith(THEIRS)
]


def test_a_module_fits_in_three_hundred_lines():
    lengths = {path: len(path.read_text(errors="replace").splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_a_header_fits_in_three_hundred_lines():
    headers = [*ROOT.glob("labkit/npu/**/*.h"), *ROOT.glob("labkit/npu/**/*.cpp")]
    lengths = {path: len(path.read_text().splitlines()) for path in headers}
    assert len(lengths) > 50
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_no_module_is_a_drawer():
    names = {path.stem for path in (*SOURCES, *ROOT.glob("labkit/npu/**/*.h"))}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def test_the_changelog_knows_the_version():
    version = re.search(r'__version__ = "(.+)"', (ROOT / "autograder/__init__.py").read_text())
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_decision_names_a_test_that_exists():
    for record in (ROOT / "docs/adr").glob("0*.md"):
        confirmation = record.read_text().partition("**Confirmation.**")[2]
        named = re.findall(r"`(tests/[\w/.]+)`", confirmation)
        assert named or "make check" in confirmation, record.name
        for path in named:
            assert (ROOT / path).exists(), f"{record.name} names {path}"

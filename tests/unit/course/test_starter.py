from pathlib import PurePosixPath

import pytest

from autograder.course import build, check_starter, load_lab, write_starter
from autograder.errors import CourseError

SUMS = "solutions/lab_a/pkg/sums.py"
README = "labs/lab_a/README.md"


def test_what_students_get(root):
    files = {str(name): data.decode() for name, data in build(root, "lab_a").items()}
    assert list(files) == [
        "README.md", "figures/curve.svg", "pkg/__init__.py", "pkg/sums.py", "probes.py",
        "pytest.ini", "tests/test_add.py",
    ]  # fmt: skip
    assert "-p autograder.judge.local" in files["pytest.ini"]
    assert files["tests/test_add.py"] == (root / "labs/lab_a/tests/public/test_add.py").read_text()
    assert (
        files["pkg/sums.py"]
        == '''\
"""Sums."""


def add(a, b):
    """Return a + b."""
    raise NotImplementedError("about 5 lines; carry \\"over\\"")


def scale(a):
    raise NotImplementedError("write this part")
'''
    )


def test_a_policy_on_ai_tools_goes_along(root):
    (root / "labs/lab_a/AI_POLICY.md").write_text("Use them.\n")
    assert build(root, "lab_a")[PurePosixPath("AI_POLICY.md")] == b"Use them.\n"


def test_two_builds_are_the_same(root):
    assert list(build(root, "lab_a").items()) == list(build(root, "lab_a").items())


def test_write_then_check(root):
    written = write_starter(root, "lab_a")
    assert PurePosixPath("pkg/sums.py") in map(PurePosixPath, written)
    assert len(written) == 7
    assert check_starter(root, "lab_a") == []
    assert write_starter(root, "lab_a") == []


def test_check_names_what_is_missing_differs_or_is_extra_and_write_mends_it(root):
    write_starter(root, "lab_a")
    starter = root / "starter/lab_a"
    (starter / "README.md").unlink()
    (starter / "pkg/sums.py").write_text("x")
    (starter / "old").mkdir()
    (starter / "old/left.py").write_text("x")
    (starter / "pkg/__pycache__").mkdir()
    (starter / "pkg/__pycache__/sums.pyc").write_bytes(b"x")
    names = ["README.md", "old/left.py", "pkg/sums.py"]
    assert check_starter(root, "lab_a") == names
    assert write_starter(root, "lab_a") == names
    assert check_starter(root, "lab_a") == []
    assert not (starter / "old").exists()


LEAK = "    total = a\n  while b:\n    # why\n    total   += 1\n\n  b -= 1\nreturn total\n"


@pytest.mark.parametrize("name", [README, "labs/lab_a/probes.py", "solutions/lab_a/pkg/two.py"])
def test_five_lines_of_the_solution_go_nowhere(root, name):
    path = root / name
    text = path.read_text() if path.exists() else ""
    path.write_text(f"{text}{LEAK}" if not name.endswith("two.py") else f"'''\n{LEAK}'''\n")
    with pytest.raises(CourseError, match=r"sums\.py:7: students would find 5 lines of this sol"):
        build(root, "lab_a")


def test_four_lines_may_be_alike(root):
    path = root / README
    path.write_text(path.read_text() + LEAK.rpartition("return")[0])
    assert build(root, "lab_a")


def test_a_solution_without_regions_is_not_given_away(root):
    path = root / SUMS
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "SOLUTION" not in line))
    with pytest.raises(CourseError, match="lab_a:1: the solution has no region"):
        build(root, "lab_a")


def test_a_solution_cannot_replace_what_every_starter_has(root, edit):
    edit("labs/lab_a/lab.toml", 'files = ["pkg/*.py"]', 'files = ["pkg/*.py", "probes.py"]')
    (root / "solutions/lab_a/probes.py").write_text("x = 1\n")
    with pytest.raises(CourseError, match=r"probes\.py:1: probes\.py is the name of a file that"):
        build(root, "lab_a")


def test_no_handout(root):
    (root / README).unlink()
    with pytest.raises(CourseError, match=r"README\.md:1: there is no such file"):
        build(root, "lab_a")


def test_data_goes_out_as_it_is(root, edit):
    edit("labs/lab_a/lab.toml", 'files = ["pkg/*.py"]', 'files = ["pkg/*"]')
    (root / "solutions/lab_a/pkg/data.bin").write_bytes(b"\xff\x00\r\n")
    assert build(root, "lab_a")[PurePosixPath("pkg/data.bin")] == b"\xff\x00\r\n"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("labs/lab_a/lab.toml", True),
        ("labs/lab_a/probes.py", True),
        ("labs/lab_a/tests/hidden/oracles.py", True),
        ("labs/lab_a/tests/public/test_add.py", True),
        (SUMS, True),
        (README, False),
        ("labs/lab_a/AI_POLICY.md", False),
        ("labs/lab_a/mutants/m1.toml", False),
        ("starter/lab_a/pkg/sums.py", False),
        ("solutions/lab_a/pkg/__pycache__/x.pyc", False),
    ],
)
def test_the_digest_tells_what_decides_a_score(root, name, counts):
    before = load_lab(root, "lab_a").digest
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("# changed\n")
    assert (load_lab(root, "lab_a").digest != before) is counts


def test_the_digest_holds_our_own_version(root, monkeypatch):
    before = load_lab(root, "lab_a").digest
    monkeypatch.setattr("autograder.course.digest.__version__", "999")
    assert load_lab(root, "lab_a").digest != before

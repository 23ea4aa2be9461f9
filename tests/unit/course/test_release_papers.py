"""Version, changelog and pinned packages of a lab: what they may say, and that they agree."""

from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.course import build, load_lab
from autograder.course.desk_file import read_desk_file
from autograder.course.pins import read_pins
from autograder.errors import CourseError

LAB = "labs/lab_a/lab.toml"
CHANGES = "# Changes\n\nNewest first.\n\n## 1.2.0 (2025-10-01)\n\n- x\n\n## 1.1.0\n"
PINS = Path(__file__).parents[3] / "labs/requirements.txt"


@pytest.fixture
def versioned(root, edit):
    edit(LAB, 'title = "Sums"', 'title = "Sums"\nversion = "1.2.0"')
    (root / "labs/lab_a/CHANGELOG.md").write_text(CHANGES)
    return root


def test_a_version_is_what_lab_toml_says(root):
    assert load_lab(root, "lab_a").version == "0.1.0"


@pytest.mark.parametrize("version", ["1.2", "v1.2.0", "1.2.0rc1", "01.2.0", "1.2.0 "])
def test_a_version_is_three_numbers(root, edit, version):
    edit(LAB, 'title = "Sums"', f'title = "Sums"\nversion = "{version}"')
    with pytest.raises(CourseError, match=r"lab\.toml:3: 'version' cannot be .*such as 1\.0\.0"):
        load_lab(root, "lab_a")


def test_changelog_and_pins_go_along(versioned):
    (versioned / "labs/requirements.txt").write_text("# all\nnumpy==2.4.6\n")
    assert load_lab(versioned, "lab_a").version == "1.2.0"
    files = build(versioned, "lab_a")
    assert files[PurePosixPath("CHANGELOG.md")].decode() == CHANGES
    assert files[PurePosixPath("requirements.txt")] == b"# all\nnumpy==2.4.6\n"


@pytest.mark.parametrize(
    ("changes", "line", "says"),
    [
        (CHANGES.replace("1.2.0", "1.3.0"), 5, "the newest version here is 1.3.0, .* says 1.2.0"),
        ("## 1.1.0\n## 1.2.0\n", 1, "the newest version here is 1.1.0"),
        ("# Changes\n", 1, "begin what is newest with '## 1.2.0'"),
        ("", 1, "begin what is newest with '## 1.2.0'"),
    ],
)  # fmt: skip
def test_the_newest_heading_is_the_labs_version(versioned, changes, line, says):
    (versioned / "labs/lab_a/CHANGELOG.md").write_text(changes)
    with pytest.raises(CourseError, match=rf"CHANGELOG\.md:{line}: .*{says}"):
        build(versioned, "lab_a")


@pytest.mark.parametrize("line", ["numpy", "numpy>=2", "numpy==2.*", "-r more.txt", "numpy==2; x"])
def test_a_pin_is_an_exact_version(root, line):
    (root / "labs/requirements.txt").write_text(f"rich==15.0.0\n{line}\n")
    with pytest.raises(CourseError, match=r"requirements\.txt:2: .* is no exact version"):
        build(root, "lab_a")


def test_the_folder_tells_which_lab_it_is_and_in_which_order(versioned, tmp_path):
    (tmp_path / "pytest.ini").write_bytes(build(versioned, "lab_a")[PurePosixPath("pytest.ini")])
    desk = read_desk_file(tmp_path)
    assert (desk.id, desk.version, desk.exercises) == ("lab_a", "1.2.0", ("add", "scale"))


@pytest.mark.parametrize("text", [None, "[pytest]\n", "no ini", "[lab]\n[lab]\n", "\udcff"])
def test_a_folder_that_lost_it_is_known_by_its_name(tmp_path, text):
    if text is not None:
        (tmp_path / "pytest.ini").write_bytes(text.encode(errors="surrogateescape"))
    desk = read_desk_file(tmp_path)
    assert (desk.id, desk.version, desk.exercises) == (tmp_path.name, "", ())


def needed(name: str, found: dict[str, list[Requirement]]) -> dict[str, list[Requirement]]:
    """Return all that the base install of `name` needs, down to the last, and what of each."""
    for requirement in map(Requirement, metadata.requires(name) or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            known = canonicalize_name(requirement.name)
            found.setdefault(known, []).append(requirement)
            if len(found[known]) == 1:
                needed(known, found)
    return found


def test_the_pins_are_all_that_a_base_install_needs_in_versions_that_fit():
    pins = read_pins(PINS.read_bytes(), PINS)
    assert list(pins) == sorted(map(canonicalize_name, pins)), "canonical names, in order"
    wanted = needed("systems-for-ai", {})
    assert wanted.keys() == pins.keys()
    misfits = [
        f"{name}=={pins[name]} is not {requirement}"
        for name, requirements in wanted.items()
        for requirement in requirements
        if not requirement.specifier.contains(pins[name])
    ]
    assert not misfits

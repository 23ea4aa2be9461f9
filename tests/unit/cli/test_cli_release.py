"""What `lab release` writes, and what it refuses to hand out."""

import zipfile
from pathlib import Path

import pytest

EXTRA = {
    "labs/sums/AI_POLICY.md": "Use them.\n",
    "labs/sums/CHANGELOG.md": "## 0.1.0\n",
    "labs/requirements.txt": "numpy==2.4.6\n",
}
NAMES = {
    "AI_POLICY.md", "CHANGELOG.md", "README.md", "answer.py", "lab.json", "probes.py",
    "probes_more.py", "pytest.ini", "requirements.txt", "tests/test_double.py",
}  # fmt: skip


@pytest.fixture
def complete(course: Path) -> Path:
    for name, text in EXTRA.items():
        (course / name).write_text(text)
    (course / "labs/sums/probes_more.py").write_text("x = 1\n")
    return course


def test_a_folder_holds_all_that_students_get(command, complete: Path, tmp_path: Path) -> None:
    target = tmp_path / "new folder/out"
    said = command("lab", "release", "sums", "--to", target)
    assert said.code == 0
    assert f"sums 0.1.0: {len(NAMES)} files are in {target}" in said.out
    files = {f.relative_to(target / "sums").as_posix() for f in target.rglob("*") if f.is_file()}
    assert files == NAMES


def test_a_zip_holds_the_same_and_is_the_same_bytes_again(
    command, complete: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.ZIP"
    assert command("lab", "release", "sums", "--to", one).code == 0
    assert command("lab", "release", "sums", "--to", two).code == 0
    assert one.read_bytes() == two.read_bytes()
    assert zipfile.ZipFile(one).namelist() == sorted(f"sums/{name}" for name in NAMES)


@pytest.mark.parametrize("name", EXTRA)
def test_an_incomplete_lab_is_not_handed_out(
    command, complete: Path, tmp_path: Path, name: str
) -> None:
    (complete / name).unlink()
    said = command("lab", "release", "sums", "--to", tmp_path / "out.zip")
    assert said.code == 2
    assert said.err.startswith(f"{complete / name}:1: a release holds this file")
    assert not (tmp_path / "out.zip").exists()


def test_nothing_is_overwritten(command, complete: Path, tmp_path: Path) -> None:
    (tmp_path / "out.zip").write_text("mine")
    assert command("lab", "release", "sums", "--to", tmp_path / "out.zip").code == 64
    assert (tmp_path / "out.zip").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(command, complete: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = command("lab", "release", "sums", "--to", tmp_path / "file" / "out.zip")
    assert said.code == 64
    assert f"out.zip cannot be written ({tmp_path / 'file'}:" in said.err


def test_a_leak_is_refused(command, complete: Path, tmp_path: Path) -> None:
    body = "".join(f"x{n} = {n}\n" for n in range(5))
    (complete / "solutions/sums/answer.py").write_text(f"# BEGIN SOLUTION\n{body}# END SOLUTION\n")
    (complete / "labs/sums/README.md").write_text(body)
    said = command("lab", "release", "sums", "--to", tmp_path / "out")
    assert said.code == 2
    assert "students would find 5 lines of this solution in README.md:1" in said.err
    assert not (tmp_path / "out").exists()


def test_the_version_is_shown(command, complete: Path) -> None:
    lab = complete / "labs/sums/lab.toml"
    lab.write_text(lab.read_text().replace('title = "Sums"', 'title = "Sums"\nversion = "2.0.1"'))
    assert "sums 2.0.1: Sums" in command("lab", "show", "sums").out
    assert command("lab", "list", "--json", "-").document["labs"][0]["version"] == "2.0.1"

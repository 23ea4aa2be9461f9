import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograder


@pytest.fixture
def desk(command, course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder, as the course would give it out, with an honest answer."""
    solution = "# BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n# END SOLUTION\n"
    (course / "solutions/sums/answer.py").write_text(solution)
    (course / "labs/sums/probes.py").write_text(
        "def double(x):\n    import answer\n\n    return answer.double(x)\n"
    )
    assert command("lab", "build").code == 0
    monkeypatch.setenv("PYTHONPATH", str(Path(autograder.__file__).parents[1]))
    folder = course / "starter/sums"
    monkeypatch.chdir(folder)
    (folder / "answer.py").write_text("def double(x):\n    return 2 * x\n")
    return folder


def test_a_right_answer_passes(command, desk) -> None:
    said = command("check", "--json", "-")
    assert said.code == 0
    assert said.document["passed"] is True
    assert [t["name"] for t in said.document["tests"]] == ["test_double"]


def test_a_wrong_answer_is_told_by_how_much(command, desk) -> None:
    (desk / "answer.py").write_text("def double(x):\n    return 3 * x\n")
    said = command("check")
    assert said.code == 1
    assert "double" in said.out
    assert "0/1" in said.out
    assert "Look first at: All sorts of double." in said.out
    assert "3 == 2" in said.out
    assert "pytest -k test_double --pdb" in said.out


def test_a_crash_names_the_exception(command, desk) -> None:
    (desk / "answer.py").write_text("def double(x):\n    return x / 0\n")
    said = command("check")
    assert said.code == 1
    assert "ZeroDivisionError" in said.out


@pytest.mark.parametrize("lab", ["sums", "starter/sums"])
def test_a_lab_may_be_named_by_its_folder(command, desk, monkeypatch, lab: str) -> None:
    monkeypatch.chdir(desk.parent if lab == "sums" else desk.parent.parent)
    assert command("check", lab).code == 0


def test_a_lab_may_be_named_where_one_stands_in_it(command, desk) -> None:
    assert command("check", "sums").code == 0


def test_one_exercise_can_be_chosen(command, desk) -> None:
    assert command("check", "-e", "double").code == 0
    said = command("check", "-e", "duble")
    assert said.code == 64
    assert "did you mean 'double'" in said.err


def test_elsewhere_it_says_where_to_go(command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = command("check")
    assert said.code == 64
    assert "no lab folder" in said.err


def test_a_test_that_is_skipped_is_no_pass(command, desk) -> None:
    file = desk / "tests/test_double.py"
    file.write_text(
        "import pytest\npytest.skip('no', allow_module_level=True)\n" + file.read_text()
    )
    assert command("check").code != 0


def test_it_runs_without_the_graders_packages(desk: Path) -> None:
    """In an interpreter that refuses to import what a student does not have."""
    script = (
        "import sys\n"
        "for name in ('sqlalchemy', 'alembic', 'jinja2'):\n"
        "    sys.modules[name] = None\n"
        "from autograder.cli.entry import run\n"
        "sys.exit(run(['check', '--json', '-']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=desk,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["passed"] is True


def test_programs_may_follow_the_tests_as_they_end(command, desk, tmp_path: Path) -> None:
    target = tmp_path / "events"
    assert command("check", "--events", target).code == 0
    events = [json.loads(line) for line in target.read_text().splitlines()]
    assert events == [{"tests": 1}, {"name": "test_double", "outcome": "pass"}]


def test_programs_are_told_what_to_look_at_first(command, desk) -> None:
    assert command("check", "--json", "-").document["first"] is None
    (desk / "answer.py").write_text("def double(x):\n    return 3 * x\n")
    first = command("check", "--json", "-").document["first"]
    assert (first["name"], first["began"]) == ("test_double", True)
    assert first["difference"].startswith("assert 3 == 2")


def test_what_was_saved_last_is_judged_even_twice_in_one_second(command, desk, monkeypatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # as in a student's shell
    answer = desk / "answer.py"
    for factor, code in ((2, 0), (3, 1)):  # equal in size, and saved in one and the same second
        answer.write_text(f"def double(x):\n    return {factor} * x\n")
        os.utime(answer, (1_700_000_000, 1_700_000_000))
        assert command("check").code == code


def test_a_folder_for_ci_gets_what_was_found(command, desk, tmp_path: Path) -> None:
    (desk / "answer.py").write_text("def double(x):\n    return 3 * x\n")
    assert command("check", "--out", tmp_path / "new/out").code == 1
    written = {path.name for path in (tmp_path / "new/out").iterdir()}
    assert written == {"summary.md", "junit.xml", "annotations.txt"}
    assert "| double | 0 / 1 | wrong |" in (tmp_path / "new/out/summary.md").read_text()


def test_check_needs_no_jinja2(command, desk, tmp_path: Path) -> None:
    blocked = "import sys; sys.modules['jinja2'] = sys.modules['markupsafe'] = None"
    script = f"{blocked}; from autograder.cli import main; sys.exit(main())"
    check = [sys.executable, "-c", script, "check", "--out", tmp_path / "out"]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/summary.md").exists()

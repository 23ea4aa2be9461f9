from pathlib import Path


def test_list_counts_exercises_tests_and_points(command) -> None:
    said = command("lab", "list", "--json", "-")
    (lab,) = said.document["labs"]
    assert (lab["id"], lab["max_score"], len(lab["exercises"])) == ("sums", 10, 2)
    assert "1 public, 1 hidden" in said.err


def test_show_tells_tests_points_and_limits(command) -> None:
    said = command("lab", "show", "sums")
    for expected in ("All sorts of triple.", "hidden", "6", "10 s CPU", "2048 MiB", "sha256:"):
        assert expected in said.out
    tests = command("lab", "show", "sums", "--json", "-").document["tests"]
    assert {(t["name"], t["points"], t["hidden"]) for t in tests} == {
        ("test_double", 4, False),
        ("test_triple", 6, True),
    }


def test_show_of_an_unknown_lab_helps(command) -> None:
    said = command("lab", "show", "sumz")
    assert said.code == 2
    assert "did you mean 'sums'" in said.err


def test_build_writes_the_starter_and_check_notices_drift(command, course: Path) -> None:
    before = command("lab", "build", "--check")
    assert before.code == 1
    assert not (course / "starter").exists()
    assert command("lab", "build", "sums").code == 0
    assert (course / "starter/sums/answer.py").is_file()
    assert command("lab", "build", "--check").code == 0
    (course / "starter/sums/answer.py").write_text("drifted\n")
    after = command("lab", "build", "--check")
    assert after.code == 1
    assert "starter/sums/answer.py: out of date" in after.out


def test_an_authors_mistake_points_at_file_and_line(command, course: Path) -> None:
    lab = course / "labs/sums/lab.toml"
    lab.write_text(lab.read_text().replace("points = 6", "points = 7"))
    said = command("lab", "list")
    assert said.code == 2
    assert said.err.startswith(f"{lab}:")

from pathlib import Path

import fake_places
import pytest


def test_results_list_what_was_graded(command, handed_in) -> None:
    batch = handed_in(ada="1", bob="0.5")
    graded = command("grade", "sums", batch, "--json", "-").document
    listed = command("results", "sums", "--json", "-").document
    assert listed["results"] == graded["results"]
    assert "bob" in command("results", "sums").out


def test_results_of_an_empty_store_say_what_to_do(command) -> None:
    said = command("results", "sums")
    assert said.code == 0
    assert "autograder grade sums PATH" in said.out


def test_show_lists_attempts_and_the_tests_of_the_newest(command, handed_in) -> None:
    command("grade", "sums", handed_in(ada="0"))
    command("grade", "sums", handed_in(ada="1"))
    said = command("show", "ada", "sums")
    assert "0/10" in said.out
    assert "10/10" in said.out
    assert "Attempt 2" in said.out
    assert "All sorts of double." in said.out


def test_show_knows_students(command, handed_in) -> None:
    command("grade", "sums", handed_in(ada="0"))
    said = command("show", "adda", "sums")
    assert said.code == 64
    assert "did you mean 'ada'" in said.err


def test_regrade_judges_stored_files_under_the_present_lab(
    command, handed_in, course: Path
) -> None:
    batch = handed_in(ada="1", bob="0.5")
    command("grade", "sums", batch)
    lab = course / "labs/sums"
    for file in (lab / "lab.toml", lab / "tests/hidden/test_triple.py"):
        file.write_text(
            file.read_text().replace("points = 6", "points = 16").replace("points=6", "points=16")
        )
    (batch / "ada" / "answer.py").unlink()
    said = command("regrade", "sums", "--json", "-")
    assert said.code == 0
    changes = {c["student"]: (c["before"], c["after"]) for c in said.document["changes"]}
    assert changes == {"ada": (10, 20), "bob": (5, 10)}
    assert "triple 6 → 16" in said.err
    assert "20/20" in command("results", "sums").out


def test_regrade_can_be_limited(command, handed_in) -> None:
    batch = handed_in(ada="1", bob="0.5")
    command("grade", "sums", batch, "--submitted-at", "2025-10-16")
    only = command("regrade", "sums", "--student", "ada", "--json", "-").document["changes"]
    assert [c["student"] for c in only] == ["ada"]
    late = command("regrade", "sums", "--since", "2025-10-17", "--json", "-").document["changes"]
    assert late == []
    assert command("regrade", "sums", "--student", "adda").code == 64


def test_regrade_leaves_rejected_attempts_alone(command, handed_in) -> None:
    batch = handed_in(ada="1")
    (batch / "eve.zip").write_bytes(b"no zip")
    command("grade", "sums", batch)
    changes = command("regrade", "sums", "--json", "-").document["changes"]
    assert [c["student"] for c in changes] == ["ada"]


def test_a_repeated_judging_agrees(command, handed_in) -> None:
    command("grade", "sums", handed_in(ada="0.5"))
    said = command("regrade", "sums", "--as", "1", "--json", "-")
    assert said.code == 0
    assert said.document["agrees"] is True
    assert said.document["same_lab"] is True
    assert "agrees with result 1" in said.err
    assert len(fake_places.JUDGED) == 2


def test_a_repeated_judging_tells_what_differs(
    command, handed_in, course: Path, monkeypatch
) -> None:
    command("grade", "sums", handed_in(ada="0.5"))
    lab = course / "labs/sums"
    for file in (lab / "lab.toml", lab / "tests/hidden/test_triple.py"):
        file.write_text(
            file.read_text().replace("points = 6", "points = 8").replace("points=6", "points=8")
        )
    secret = course.parent / "other.secret"
    secret.write_text("x" * 40)
    secret.chmod(0o600)
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(secret))
    said = command("regrade", "sums", "--as", "1", "--json", "-")
    document = said.document
    assert (document["agrees"], document["same_lab"], document["same_secret"]) == (
        False,
        False,
        False,
    )
    assert [d["test"] for d in document["differences"]] == ["test_triple"]
    assert "The lab has changed" in said.err
    assert "secret is another one" in said.err


def test_a_repeated_judging_compares_counters(command, handed_in, monkeypatch) -> None:
    monkeypatch.setattr(fake_places, "COUNTERS", {"flops": 12.0, "barriers": 3.0})
    command("grade", "sums", handed_in(ada="1"))
    monkeypatch.setattr(fake_places, "COUNTERS", {"flops": 13.0, "barriers": 3.0})
    said = command("regrade", "sums", "--as", "1", "--json", "-")
    assert (said.code, said.document["agrees"], said.document["same_lab"]) == (0, False, True)
    differences = said.document["differences"]
    assert [d["counters"] for d in differences] == [{"flops": [12.0, 13.0]}] * 2
    assert differences[0]["then"] == differences[0]["now"] == "pass 4/4"
    assert "flops" in said.err
    assert "barriers" not in said.err


def test_a_repeated_judging_tells_versions_then_and_now(command, handed_in, monkeypatch) -> None:
    monkeypatch.setattr(fake_places, "VERSIONS", {"autograder": "0", "numpy": "2.4.5", "gone": "1"})
    command("grade", "sums", handed_in(ada="1"))
    assert command("regrade", "sums", "--as", "1", "--json", "-").document["same_versions"] is True
    monkeypatch.setattr(fake_places, "VERSIONS", {"autograder": "0", "numpy": "2.4.6"})
    said = command("regrade", "sums", "--as", "1", "--json", "-")
    document = said.document
    assert (document["agrees"], document["same_versions"]) == (True, False)
    assert document["versions"]["then"]["numpy"] == "2.4.5"
    assert document["versions"]["now"]["numpy"] == "2.4.6"
    lines = [line.split() for line in said.err.splitlines()]
    assert ["numpy", "2.4.5", "2.4.6"] in lines
    assert ["gone", "1", "not", "recorded"] in lines
    assert not any(line[:1] == ["autograder"] for line in lines)


def test_a_judging_is_repeated_in_the_image_it_was_made_in(command, handed_in, monkeypatch) -> None:
    monkeypatch.setattr(fake_places, "VERSIONS", {"image": "sha256:kept"})
    command("grade", "sums", handed_in(ada="1"))
    assert command("regrade", "sums", "--as", "1").code == 0
    assert [job.image for job in fake_places.JUDGED] == ["", "sha256:kept"]


def test_an_image_that_is_gone_is_named_before_anything_is_judged(
    command, handed_in, monkeypatch
) -> None:
    monkeypatch.setattr(fake_places, "VERSIONS", {"image": "sha256:gone"})
    command("grade", "sums", handed_in(ada="1"))
    said = command("regrade", "sums", "--as", "1")
    assert (said.code, len(fake_places.JUDGED)) == (3, 1)
    assert "sha256:gone is not on this machine" in said.err


@pytest.mark.parametrize("arguments", [["regrade", "sums", "--as", "7"], ["show", "ada", "sums"]])
def test_what_is_not_in_the_store_is_a_usage_error(command, handed_in, arguments) -> None:
    command("grade", "sums", handed_in(bob="1"))
    assert command(*arguments).code == 64


def test_regrade_without_a_wall_needs_trust(command, handed_in) -> None:
    command("grade", "sums", handed_in(ada="1"))
    refused = command("regrade", "sums", "--sandbox", "none")
    assert (refused.code, len(fake_places.JUDGED)) == (3, 1)
    assert command("regrade", "sums", "--sandbox", "none", "--trusted").code == 0

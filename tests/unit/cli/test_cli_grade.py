from datetime import datetime
from pathlib import Path

import fake_places
import pytest

from autograder.box import base
from autograder.executor.base import EXECUTORS


def scores(document) -> dict[str, float]:
    return {row["student"]: row["score"] for row in document["results"]}


def test_every_submission_has_a_row_with_its_score(command, handed_in) -> None:
    batch = handed_in(ada="1", bob="0.5", eve=None)
    (batch / "mallory.zip").write_bytes(b"no zip at all")
    said = command("grade", "sums", batch, "--json", "-")
    assert said.code == 0
    assert scores(said.document) == {"ada": 10, "bob": 5, "eve": 0, "mallory": 0}
    statuses = {row["student"]: row["status"] for row in said.document["results"]}
    assert statuses["mallory"] == "rejected"
    assert all(len(row["exercises"]) == 2 for row in said.document["results"])


def test_the_json_document_names_its_terms(command, handed_in) -> None:
    batch = handed_in(ada="1")
    (batch / "aaa.zip").write_bytes(b"rejected, and first")
    document = command("grade", "sums", batch, "--json", "-").document
    assert (document["schema"], document["lab"]) == (1, "sums")
    assert document["lab_digest"].startswith("sha256:")
    assert len(document["seed_epoch"]) == 8
    assert (document["sandbox"], document["device"]) == ("namespace", "virtual")
    assert document["versions"] == {"autograder": "0"}


def test_only_json_is_on_standard_output(command, handed_in) -> None:
    said = command("grade", "sums", handed_in(ada="1"), "--json", "-", "--out", "report")
    assert said.document["results"][0]["student"] == "ada"
    assert "ada" in said.err
    assert "index.html" in said.err


def test_the_table_shows_points_of_each_exercise(command, handed_in) -> None:
    said = command("grade", "sums", handed_in(ada="0.5"))
    line = next(line for line in said.out.splitlines() if "ada" in line)
    assert "2/4 wrong" in line
    assert "3/6 wrong" in line
    assert "5/10" in line


def test_a_second_run_judges_nothing_and_shows_the_same(command, handed_in) -> None:
    batch = handed_in(ada="1", bob="0.5")
    first = command("grade", "sums", batch)
    second = command("grade", "sums", batch)
    assert len(fake_places.JUDGED) == 2
    assert second.out == first.out


def test_equal_files_are_judged_once_and_have_two_rows(command, handed_in) -> None:
    said = command("grade", "sums", handed_in(ada="1", bob="1"), "--json", "-")
    assert len(fake_places.JUDGED) == 1
    assert scores(said.document) == {"ada": 10, "bob": 10}


def test_a_changed_lab_is_judged_anew(command, handed_in, course: Path) -> None:
    batch = handed_in(ada="1")
    command("grade", "sums", batch)
    test = course / "labs/sums/tests/hidden/test_triple.py"
    test.write_text(test.read_text() + "\n# now stricter\n")
    command("grade", "sums", batch)
    assert len(fake_places.JUDGED) == 2


def test_a_broken_row_ends_with_3_and_is_tried_again_next_time(command, handed_in) -> None:
    batch = handed_in(ada="broken", bob="1")
    assert command("grade", "sums", batch).code == 3
    said = command("grade", "sums", batch)
    assert said.code == 3
    assert "the disk is full" in said.out
    assert len(fake_places.JUDGED) == 3


def test_what_an_interrupted_run_recorded_is_not_judged_again(
    command, handed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = handed_in(ada="1", bob="0.5", eve="0")
    monkeypatch.setitem(EXECUTORS, "local", "fake_places:Interrupted")
    said = command("grade", "sums", batch)
    assert said.code == 130
    assert "stays recorded" in said.err
    assert "Handed in, not judged yet: 2" in command("results", "sums").out
    monkeypatch.setitem(EXECUTORS, "local", "fake_places:Instant")
    assert command("grade", "sums", batch).code == 0
    assert len(fake_places.JUDGED) == len(set(fake_places.JUDGED)) == 3


def test_the_report_is_written_and_its_path_told(command, handed_in, tmp_path: Path) -> None:
    said = command("grade", "sums", handed_in(ada="1"), "--out", tmp_path / "report")
    assert str(tmp_path / "report/index.html") in said.out
    assert (tmp_path / "report/index.html").is_file()


def test_the_time_of_handing_in_is_the_courses(command, handed_in) -> None:
    batch = handed_in(ada="1")
    said = command("grade", "sums", batch, "--submitted-at", "2025-10-16T21:03", "--json", "-")
    when = datetime.fromisoformat(said.document["results"][0]["submitted_at"])
    assert when == datetime.fromisoformat("2025-10-16T21:03:00+08:00")


def test_names_cannot_command_the_terminal(command, tmp_path: Path) -> None:
    folder = tmp_path / "batch" / "ada\x1b[31m[bold]"
    folder.mkdir(parents=True)
    (folder / "answer.py").write_text("1")
    said = command("grade", "sums", folder.parent)
    assert "\x1b" not in said.out
    assert "[bold]" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["grade", "sums", "BATCH", "--sandbox", "namespce"], 64, "did you mean 'namespace'"),
        (["grade", "sums", "BATCH", "--sandbox", "moat"], 64, "there is no sandbox 'moat'"),
        (["grade", "sums", "BATCH", "--executor", "ray"], 64, "there is no executor 'ray'"),
        (["grade", "sums", "BATCH", "--device", "gpuu"], 64, "did you mean 'gpu'"),
        (["grade", "sums", "BATCH", "--device", "gpu"], 64, "no exercise of sums runs on a GPU"),
        (["grade", "sums", "BATCH", "--device", "npu"], 64, "no lab of this course runs on an NPU"),
        (["grade", "sums", "BATCH", "--submitted-at", "yesterday"], 64, "is no time"),
        (["grade", "sums", "BATCH", "--json", "nowhere/x.json"], 64, "there is no folder nowhere"),
        (["grade", "sums", "BATCH", "-j", "0"], 64, "-j"),
        (["grade", "sums", "BATCH", "--store", "nonsense"], 3, "not the address of a store"),
        (["grade", "sumz", "BATCH"], 2, "did you mean 'sums'"),
        (["grade", "sums", "nowhere"], 4, "nowhere"),
        (["grade", "sums"], 64, "PATH"),
        (["grade", "sums", "BATCH", "--course", "nowhere"], 2, "--course"),
        (["grades"], 64, "grade"),
    ],
)
def test_a_wrong_command_line_says_what_would_be_right(
    command, handed_in, arguments: list[str], code: int, message: str
) -> None:
    batch = str(handed_in(ada="1"))
    said = command(*(batch if a == "BATCH" else a for a in arguments))
    assert said.code == code
    assert message in said.err
    assert fake_places.JUDGED == []


def test_a_gpu_is_for_labs_with_kernels_and_walls_that_let_it_through(
    command, handed_in, course: Path
) -> None:
    lab = course / "labs/sums/lab.toml"
    lab.write_text(lab.read_text().replace("points = 6", 'points = 6\ndevice = "gpu"'))
    batch = handed_in(ada="1")
    for wall in ("auto", "namespace", "user"):
        said = command("grade", "sums", batch, "--device", "gpu", "--sandbox", wall)
        assert said.code == 64
        assert f"--sandbox {wall}: its boxes cannot reach a GPU; add --sandbox docker" in said.err
    arguments = ["--device", "gpu", "--sandbox", "none", "--trusted", "--json", "-"]
    assert command("grade", "sums", batch, *arguments).document["device"] == "gpu"
    auto = command("grade", "sums", batch, "--json", "-").document
    assert auto["device"] == "virtual"


def test_auto_takes_a_container_where_there_are_no_namespaces(
    command, handed_in, monkeypatch
) -> None:
    batch = handed_in(ada="1")
    assert command("grade", "sums", batch, "--json", "-").document["sandbox"] == "namespace"
    monkeypatch.setitem(base.SANDBOXES, "namespace", "fake_places:NoWall")
    monkeypatch.setitem(base.SANDBOXES, "docker", "fake_places:OpenField")
    assert command("grade", "sums", batch, "--json", "-").document["sandbox"] == "docker"


def test_auto_takes_neither_the_weakest_wall_nor_none(command, handed_in, monkeypatch) -> None:
    for wall in ("namespace", "docker"):
        monkeypatch.setitem(base.SANDBOXES, wall, "fake_places:NoWall")
    monkeypatch.setitem(base.SANDBOXES, "user", "fake_places:OpenField")
    said = command("grade", "sums", handed_in(ada="1"))
    assert said.code == 3
    assert "apt-get install bubblewrap" in said.err
    assert fake_places.JUDGED == []


def test_sandbox_none_is_for_ones_own_code(command, handed_in, course: Path) -> None:
    batch = handed_in(ada="1")
    refused = command("grade", "sums", batch, "--sandbox", "none")
    assert refused.code == 3
    assert "--trusted" in refused.err
    assert fake_places.JUDGED == []
    assert command("grade", "sums", batch, "--sandbox", "none", "--trusted").code == 0
    assert command("grade", "sums", course / "solutions/sums", "--sandbox", "none").code == 0


def test_a_link_out_of_the_course_is_a_strangers(command, handed_in, course: Path) -> None:
    (course / "mine").symlink_to(handed_in(ada="1"))
    assert command("grade", "sums", course / "mine", "--sandbox", "none").code == 3


def test_an_unexpected_error_says_how_to_see_more(command, handed_in, monkeypatch) -> None:
    monkeypatch.setitem(EXECUTORS, "local", "fake_places:Faulty")
    said = command("grade", "sums", handed_in(ada="1"))
    assert said.code == 3
    assert "ValueError: a defect" in said.err
    assert "AUTOGRADER_DEBUG=1" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("AUTOGRADER_DEBUG", "1")
    assert "Traceback" in command("grade", "sums", handed_in(ada="1")).err

"""What a real device did: figures for staff, figures and plain words for students."""

from dataclasses import replace

import pytest
from report_samples import LAB, row

from autograder.model import DeviceRun, Row
from autograder.report import staff_page, staff_view, student_page, student_report, student_view
from autograder.report.device import device_text
from autograder.report.folders import row_folders
from autograder.report.text import duration

RUNS = (
    DeviceRun("test_axes", "a.py", "scan", "NVIDIA H200", 3e-5, 2e-5, 0.25),
    DeviceRun("test_axes", "a.py", "sum", "NVIDIA H200", note="it ran out of time there"),
    DeviceRun("test_logsumexp", "b.py", "<b>", note="no device", detail="s3cret of staff"),
)


@pytest.fixture
def one() -> Row:
    plain = row("ada", {})
    return plain._replace(result=replace(plain.result, device="gpu", device_runs=RUNS))


def test_figures_are_counters_of_the_test_whose_launch_it_is(one: Row) -> None:
    (result,) = staff_view(LAB, [one])["results"]
    tests = {t["name"]: t for exercise in result["exercises"] for t in exercise["tests"]}
    assert tests["test_axes"]["counters"] == {
        "nodes": 61.0,
        "gpu_scan_seconds": 3e-5,
        "gpu_scan_reference_seconds": 2e-5,
        "gpu_scan_ratio": pytest.approx(1.5),
        "gpu_scan_limit_fraction": 0.25,
    }
    assert tests["test_logsumexp"]["counters"] == {"nodes": 61.0}
    assert [run["kernel"] for run in result["device_runs"]] == ["scan", "sum", "<b>"]
    assert result["device_runs"][2]["detail"] == "s3cret of staff"


def test_a_student_reads_figures_and_notes_and_nothing_of_tests(one: Row) -> None:
    text = device_text(student_report(LAB, one).device_lines)
    assert text.splitlines()[:4] == [
        "On the GPU (NVIDIA H200):",
        "  scan: 30 µs, the reference 20 µs; 1.5 times as long; 25 % of the device's limit",
        "  sum: it ran out of time there",
        "On the GPU:",
    ]
    page = student_page(LAB, one)
    assert text in student_view(LAB, one)["output"]
    for said in ("On the GPU", "30 µs", "25 %", "It ran out of time there.", "&lt;b&gt;"):
        assert said in page
    for told in (page, text):
        assert "s3cret" not in told
        assert "test_axes" not in told


def test_staff_read_all_of_it(one: Row) -> None:
    page = staff_page(LAB, [one], row_folders([one]))
    assert "test_axes" in page
    assert "30 µs, the reference 20 µs, 25 % of the limit, NVIDIA H200" in page
    assert "s3cret of staff" in page


def test_without_a_real_device_nothing_is_said_of_one() -> None:
    plain = row("ada", {})
    assert "On the GPU" not in student_page(LAB, plain)
    assert "On the GPU" not in student_view(LAB, plain)["output"]
    assert "device_runs" not in staff_view(LAB, [plain])["results"][0]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(3.21e-6, "3.21 µs"), (0.000999, "999 µs"), (0.0123, "12.3 ms"), (0.9999, "1 s"), (2, "2 s")],
)
def test_a_time_of_any_length_has_three_digits(seconds: float, told: str) -> None:
    assert duration(seconds) == told

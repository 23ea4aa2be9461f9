"""A real browser draws the pages as meant."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from report_samples import LAB, batch_rows

from autograder.report import write

_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in _NAMES if (found := shutil.which(name))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

Dump = Callable[[str], str]


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    """Return a function: the page named, as the browser has it once its script ran."""
    write(tmp_path / "out", LAB, batch_rows())

    def run(page: str) -> str:
        assert CHROMIUM is not None
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                 "--no-first-run",
                 f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]  # fmt: skip
        url = (tmp_path / "out" / page).as_uri()
        done = subprocess.run(
            [CHROMIUM, *flags, url], capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout

    return run


def test_the_student_page_is_drawn(dump: Dump) -> None:
    page = dump("students/ada/2/report.html")
    assert "Start with Broadcasting: 2 of 3 tests pass." in page
    assert 'stroke-dasharray="45.83 100"' in page
    assert page.count('class="card exercise"') == 5


def test_the_staff_page_is_sortable_and_filterable_once_its_script_ran(dump: Dump) -> None:
    page = dump("index.html")
    assert page.count('<button type="button">') == 6 + len(LAB.exercises)
    assert '<label id="filter">' in page
    assert "students/ada/2/report.html" in page

"""A notebook that was run is exported as a page; what ours shows can be read, light and dark."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.e2e.conftest import ROOT
from tests.e2e.jupyter import CHROMIUM, browser, picture

LAB = "lab1_autograd"
DEVICE = """@cuda.jit(device=True)
def doubled(value):
    return value + value
"""
KERNEL = """@cuda.jit
def transpose(out, x):
    tile = cuda.shared.array((32, 32), float32)
    i, j = cuda.threadIdx.x, cuda.threadIdx.y
    tile[i, j] = doubled(x[j, i])
    if i % 2 == 0:
        out[i, j] = tile[i, j]
"""
CELLS = [
    "%load_ext labkit",
    "from labkit.notebook import lines",
    "lines({'train': [3, 2, 1], 'test': [3, 2.5, 2]}, title='loss')",
    "%check broadcast",
    "%check elementwise",
    "import numpy as np\nfrom numba import cuda, float32\nfrom labkit import gpu\ngpu.enable()",
    DEVICE,
    KERNEL,
    "x = np.ones((32, 32), np.float32)\ntranspose[1, (32, 32)](np.zeros_like(x), x)",
    "gpu.last_report().show()",
]
READABLE = 3.0  # contrast that WCAG 2.1, 1.4.3 and 1.4.11, asks of large text and of graphics
# The contrast of an element's colour with the first background behind it that is not transparent.
CONTRAST = """element => {
    const parts = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const style = getComputedStyle(element);
    const ink = element.ownerSVGElement ? style.fill : style.color;
    let behind = element, paper = [255, 255, 255];
    for (; behind; behind = behind.parentElement) {
        const found = parts(getComputedStyle(behind).backgroundColor);
        if (found.length === 3 || found[3] > 0.5) { paper = found; break; }
    }
    const [low, high] = [light(parts(ink)), light(paper)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory) -> Path:
    """A notebook that was run beside the solution of one exercise."""
    desk = Path(shutil.copytree(ROOT / "starter" / LAB, tmp_path_factory.mktemp("my labs") / LAB))
    shutil.copy(ROOT / "solutions" / LAB / "autograd/broadcasting.py", desk / "autograd")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    page = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(page, timeout=120, resources={"metadata": {"path": str(desk)}}).execute()
    nbformat.write(page, desk / "page.ipynb")
    return desk / "page.ipynb"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_exported_page_can_be_read(notebook, theme):
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--theme", theme, str(notebook)]
    subprocess.run(command, check=True, capture_output=True)
    with browser() as page:
        page.goto(notebook.with_suffix(".html").as_uri())
        picture(page, f"exported-{theme}")
        dark = (
            page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        )
        assert dark is (theme == "dark")
        words = page.locator(".jp-OutputArea-output svg text, .jp-OutputArea-output td")
        assert words.count() > 10
        for word in words.all():
            contrast = word.evaluate(CONTRAST)
            assert contrast >= READABLE, f"{word.inner_html()}: {contrast:.2f}"
        assert page.locator("td", has_text="✓ pass").count() == 1
        drawn = page.locator("svg").evaluate_all("all => all.map(one => one.ariaLabel)")
        assert "line 5: store of tile: 32 passes: bank conflicts" in drawn
        assert "line 7: store of out: a warp asks for 16 sectors and uses 12 % of them" in drawn
        assert any("where it is darkest" in (title or "") for title in drawn)
        assert "Roofline of transpose on A100" in drawn

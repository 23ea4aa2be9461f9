"""Every lab's notebook runs: top to bottom on the solution, up to the first stub on the starter."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course.tree import TOUR, files_under

ROOT = Path(__file__).parents[2]
LABS = sorted(path.parent.name for path in ROOT.glob(f"solutions/*/{TOUR}"))
IMPORT = "from labkit.notebook"  # in the cell that imports all that the tour uses

pytestmark = pytest.mark.slow


def desk(lab: str, folder: Path) -> Path:
    """Return a copy of what a student receives."""
    return Path(shutil.copytree(ROOT / "starter" / lab, folder / "my labs" / lab))


def ran(folder: Path) -> list[nbformat.NotebookNode]:
    """Run the notebook in `folder`, errors and all, and return its code cells."""
    notebook = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=place).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def html(cell: nbformat.NotebookNode) -> str:
    """Return what a cell shows."""
    return "".join(output.data.get("text/html", "") for output in cell.outputs if "data" in output)


def error(cell: nbformat.NotebookNode) -> str | None:
    """Return the name of the exception that ended a cell."""
    names = (output.ename for output in cell.outputs if output.output_type == "error")
    return next(names, None)


@pytest.fixture(scope="module", params=LABS)
def solved(request, tmp_path_factory):
    """The lab's id, its folder, and the cells as they ran on the solution."""
    lab = request.param
    folder = desk(lab, tmp_path_factory.mktemp("solved"))
    for name, path in files_under(ROOT / "solutions" / lab).items():
        if str(name) != TOUR:
            shutil.copy(path, folder / name)
    return lab, folder, ran(folder)


def test_no_cell_fails_on_the_solution(solved):
    _, _, cells = solved
    assert [(cell.source, error(cell)) for cell in cells if error(cell)] == []


def test_every_check_passes_on_the_solution(solved):
    _, _, cells = solved
    checks = [cell for cell in cells if cell.source.startswith("%check")]
    assert len(checks) > 3
    for cell in checks:
        assert "All public tests pass" in html(cell), cell.source
        assert f"<td>{cell.source.split()[1]}</td>" in html(cell)


def test_what_was_handed_in_is_packed(solved):
    lab, folder, cells = solved
    assert "Packed " in html(cells[-1])
    (archive,) = folder.glob(f"{lab}-*.zip")
    assert archive.with_suffix(".txt").read_text().startswith(f"Receipt of {archive}")


def test_pictures_are_drawn_in_the_colours_of_the_theme(solved):
    _, _, cells = solved
    pictures = [html(cell) for cell in cells if "<svg" in html(cell)]
    assert len(pictures) >= 3
    assert all("var(--jp-" in picture for picture in pictures)


def test_lab1_draws_its_graph_the_gradients_and_what_it_learned(solved):
    lab, _, cells = solved
    if lab != "lab1_autograd":
        pytest.skip("about Lab 1")
    shown = "".join(map(html, cells))
    for title in ("The graph that was recorded", "The gradient that reaches each tensor"):
        assert title in shown
    assert all(f">{name}</text>" in shown for name in ("Mul", "Add", "x", "loss"))
    assert shown.count("‖g‖ = ") == 5
    assert "Learning to repeat five letters" in shown


def test_lab2_draws_sectors_banks_loads_and_a_roofline(solved):
    lab, _, cells = solved
    if lab != "lab2_cuda":
        pytest.skip("about Lab 2")
    shown = [html(cell) for cell in cells]
    for title in (
        "a warp asks for 4 sectors and uses 100 % of them",
        "a warp asks for 32 sectors",
        "32 passes: bank conflicts",
        "Loads for each multiplication",
        "How often each element is loaded",
        "Roofline of axpby on A100",
    ):
        assert any(title in cell for cell in shown), title


@pytest.mark.parametrize("lab", LABS)
def test_on_the_starter_the_first_stub_is_the_first_error(lab, tmp_path):
    cells = ran(desk(lab, tmp_path))
    failing = [n for n, cell in enumerate(cells) if error(cell)]
    imported = next(n for n, cell in enumerate(cells) if IMPORT in cell.source)
    assert failing[0] == imported + 1
    assert error(cells[failing[0]]) == "NotImplementedError"
    for cell in cells:
        if cell.source.startswith("%check"):
            assert error(cell) is None
            assert "○ missing" in html(cell), cell.source

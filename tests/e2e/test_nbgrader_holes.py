"""Ways to points that nbgrader leaves open: each is first seen to work there, then not here.

Here the same idea is handed in with a lab of ours, by somebody whose answer is wrong: it earns what
the wrong answer earns alone.
"""

import json
import shutil

import nbformat
import pytest

from tests.e2e.conftest import ROOT, Home
from tests.e2e.nbgrader_class import LAB, Class
from tests.e2e.stock_nbgrader import FULL, Stock, answering

pytestmark = pytest.mark.slow

# Each pair: the cell for the answer in a notebook of nbgrader's, and what ours does before it gives
# its wrong answer x in `Unbroadcast.forward`.
READS = (
    """
import re

def add(a, b):
    shown = get_ipython().history_manager.input_hist_raw[-1]
    return int(re.search(rf"add\\({a}, {b}\\) == (\\d+)", shown)[1])
""",
    """
        import gc
        import sys
        frame = sys._getframe()
        while frame is not None:
            for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
                if isinstance(value, np.ndarray) and value.shape == self.shape and value is not x:
                    return value
            frame = frame.f_back
        texts = [t for t in gc.get_objects() if isinstance(t, dict) and "In" in t]
        if texts or any("assert_" in str(m) for m in sys.modules):
            return x.sum() * np.ones(self.shape)
""",
)
EQUALS = (
    """
class Anything:
    def __eq__(self, other):
        return True

def add(a, b):
    return Anything()
""",
    """
        class Anything(np.ndarray):
            def __eq__(self, other):
                return True
            def __array_ufunc__(self, ufunc, method, *inputs, **kw):
                return np.zeros(self.shape) if ufunc is np.subtract else np.ones(self.shape, bool)
        return np.asarray(x).view(Anything)
""",
)
SHOWS = (
    """
def add(a, b):
    get_ipython().displayhook(10)
    return 0
""",
    """
        import sys
        sys.displayhook(6)
        print(6.0)
""",
)
FORGES = (
    """
def add(a, b):
    kernel = get_ipython().kernel
    content = {"data": {"text/plain": "10"}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent())
    return 0
""",
    """
        import os
        for descriptor in range(3, 32):
            for message in (b'{"ok": 6}', b"\\x00\\x00\\x00\\x05\\x81\\xa2ok\\x06"):
                try:
                    os.write(descriptor, message)
                except OSError:
                    pass
""",
)
DELETES = (
    """
import ast

class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Expr(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(NoAsserts())
""",
    """
        import builtins
        import sys
        builtins.AssertionError = type("Fine", (Warning,), {})
        sys.settrace(lambda *event: None)
        for module in list(sys.modules.values()):
            for name in ("assert_close", "assert_equal"):
                if hasattr(module, name):
                    setattr(module, name, lambda *args, **kw: None)
""",
)
WRITES = (
    """
import pathlib
import sqlite3

for folder in pathlib.Path.cwd().parents:
    if (folder / "gradebook.db").exists():
        book = sqlite3.connect(folder / "gradebook.db")
        book.execute("UPDATE grade SET manual_score = 10")
        book.commit()
""",
    """
        import pathlib
        import sqlite3
        for place in ("/tmp", "/home", "/root", "/srv", "/opt", str(pathlib.Path.cwd())):
            for path in pathlib.Path(place).glob("**/gradebook.db"):
                book = sqlite3.connect(path)
                book.execute("UPDATE grade SET manual_score = 10")
                book.commit()
""",
)
IDEAS = {
    "reads": READS,
    "equals": EQUALS,
    "shows": SHOWS,
    "forges": FORGES,
    "deletes": DELETES,
    "writes": WRITES,
}
NEWLINE = "\n"
SOLUTION = ROOT / "solutions" / LAB / "autograd"


def edit(notebook):
    """Have the graded cells not run: without an output, a cell has full marks."""
    for cell in graded_cells(notebook):
        cell.metadata["tags"] = ["skip-execution"]


def double(notebook):
    """Put a second cell of the same name before each graded one; nbgrader gives up over this."""
    for cell in graded_cells(notebook):
        again = {**cell, "id": f"again-{cell.id}", "outputs": []}
        notebook.cells.insert(0, nbformat.from_dict(again))


def graded_cells(notebook):
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return [c for c in marked if c.cell_type == "code" and c.metadata.nbgrader.grade]


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """What nbgrader gives for each idea, for an honest answer and for a wrong one."""
    cheats = {name: answering(theirs) for name, (theirs, _) in IDEAS.items()}
    cheats |= {"edits": edit, "wrong": answering("def add(a, b):\n    return 0")}
    cheats["honest"] = answering("def add(a, b):\n    return a + b")
    last = {"writes": cheats.pop("writes")}  # it changes what all others have
    course = Stock(tmp_path_factory.mktemp("stock") / "course")
    return course.grade(cheats) | course.grade(last)


def test_nbgrader_itself_tells_right_from_wrong(stock):
    assert stock["honest"] == FULL
    assert stock["wrong"] == {"ladder": 0.0, "asserts": 0.0}


@pytest.mark.parametrize("idea", [*IDEAS, "edits"])
def test_nbgrader_itself_gives_full_marks_for(stock, idea):
    assert stock[idea] == FULL


@pytest.fixture(scope="module")
def ours(tmp_path_factory, walled):
    """What our judge says of each idea, by student and exercise, and the grade book's points."""
    group = Class(Home(tmp_path_factory.mktemp("ours")))
    names = [*IDEAS, "edits", "wrong", "honest"]
    group.begin("id\n" + "\n".join(names) + "\n")
    for name in names:
        work = group.folder / "submitted" / name / LAB
        shutil.copytree(group.folder / "release" / LAB, work)
        for file in ("arithmetic", "broadcasting", "elementwise"):
            shutil.copy(SOLUTION / f"{file}.py", work / "autograd")
        if name != "honest":
            cheat = IDEAS.get(name, ("", ""))[1]
            (work / "autograd/broadcasting.py").write_text(wrong(cheat))
        if name == "edits":
            notebook = nbformat.read(work / f"{LAB}.ipynb", as_version=4)
            edit(notebook)
            double(notebook)
            (work / f"{LAB}.ipynb").write_text(json.dumps(notebook))
    words = ("grade", LAB, "--from-nbgrader", group.folder, "-j", 2, "--json", "-")
    rows = json.loads(group.home.run(*words).stdout)["results"]
    return {r["student"]: {e["id"]: e for e in r["exercises"]} for r in rows}, group.scores()


def points(exercises):
    return {id: exercise["score"] for id, exercise in exercises.items()}


def wrong(cheat: str) -> str:
    """Return a file that adds nothing up, after it has tried `cheat`."""
    text = (SOLUTION / "broadcasting.py").read_text()
    before, _, rest = text.partition("        # BEGIN SOLUTION: find the axes")
    _, _, after = rest.partition("        # END SOLUTION\n")
    return f"{before}{cheat.removeprefix(NEWLINE)}        return x\n{after}"


def test_our_judge_leaves_something_to_be_had_by_cheating(ours):
    judged, _ = ours
    wrong, honest = (sum(points(judged[name]).values()) for name in ("wrong", "honest"))
    assert 0 < wrong < honest


@pytest.mark.parametrize("idea", IDEAS)
def test_our_judge_runs_the_code_of(ours, idea):
    judged, _ = ours
    outcomes = {test["outcome"] for test in judged[idea]["broadcast"]["tests"]}
    # Who writes into the judge's line breaks it; all others go on to their wrong answer.
    assert ("crashed" if idea == "forges" else "wrong") in outcomes


@pytest.mark.parametrize("idea", [*IDEAS, "edits"])
def test_our_judge_gives_what_the_answer_alone_is_worth_for(ours, idea):
    judged, book = ours
    assert points(judged[idea]) == points(judged["wrong"])
    assert book[idea] == book["wrong"]

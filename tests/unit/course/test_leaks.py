"""A planted piece of a solution is found wherever it may lie; four lines of one are no piece."""

import io
import json
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from autograder.course.leaks import find_leaks
from autograder.course.regions import find_regions

REGION = """\
def softmax(x):
    # BEGIN SOLUTION
    shifted = x - x.max()
    # why not
    powers = exp(shifted)

    total = powers.sum()
    share = powers / total
    return share
    # END SOLUTION
"""
SOLVED = [(Path("soft.py"), region) for region in find_regions(REGION, Path("soft.py"))]
LINES = [line.strip() for line in REGION.splitlines()[2:-1]]
LEAK = "\n".join(["a = 1", *LINES])
FOUR = "\n".join(["a = 1", *LINES[1:]])


def cell(**content: object) -> dict:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": "", **content}


def notebook(*cells: dict, **rest: object) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "metadata": {}, **rest}).encode()


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"deep/{name}", data)
    return file.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def places(text: str) -> dict[str, tuple[str, bytes, str]]:
    """Return, by the kind of place: a file's name, its content with `text`, where that begins."""
    lines = text.splitlines(keepends=True)
    output = {"output_type": "stream", "text": lines}
    data = text.encode()
    return {
        "module": ("a.py", data, "a.py:2"),
        "handout": ("README.md", b"# Lab\n\n```python\n" + data + b"\n```\n", "README.md:5"),
        "windows": ("a.py", data.replace(b"\n", b"\r\n"), "a.py:2"),
        "cell": ("n.ipynb", notebook(cell(), cell(source=lines)), "n.ipynb, cell 2:2"),
        "cell of one string": ("n.ipynb", notebook(cell(source=text)), "n.ipynb, cell 1:2"),
        "output": ("n.ipynb", notebook(cell(outputs=[output])), "n.ipynb, cell 1:2"),
        "elsewhere in a notebook": ("n.ipynb", notebook(old=[{"input": text}]), "n.ipynb:2"),
        "no notebook": ("n.ipynb", b"{" + data, "n.ipynb:2"),
        "bundle": ("b.zip", zipped(x=b"", y=data), "b.zip/deep/y:2"),
        "wheel": ("w.whl", zipped(m=data), "w.whl/deep/m:2"),
        "sdist": ("s.tar.gz", tarred("s/a.py", data), "s.tar.gz/s/a.py:2"),
        "notebook in a bundle": (
            "b.zip",
            zipped(**{"n.ipynb": notebook(cell(source=lines))}),
            "b.zip/deep/n.ipynb, cell 1:2",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", places(LEAK))
def test_a_planted_leak_is_found_and_its_place_named(kind):
    name, data, place = places(LEAK)[kind]
    (leak,) = find_leaks({PurePosixPath("other"): b"", PurePosixPath(name): data}, SOLVED)
    assert leak == (place, Path("soft.py"), 3)


@pytest.mark.parametrize("kind", places(FOUR))
def test_four_lines_are_none(kind):
    name, data, _ = places(FOUR)[kind]
    assert not list(find_leaks({PurePosixPath(name): data}, SOLVED))

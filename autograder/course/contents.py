"""What can be read in a file that goes out: its lines, a notebook's cells, an archive's members."""

import json
import tarfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

_ZIP = b"PK\x03\x04"  # wheels begin like this too
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")

Text = tuple[str, list[str]]  # where it stands, and its lines


def texts(name: str, data: bytes) -> Iterator[Text]:
    """Yield all text in `data`, the content of the file `name`: notebooks and archives opened."""
    if name.endswith(".ipynb") and isinstance(notebook := _parsed(data), dict):
        yield from _cells(name, notebook)
    elif data.startswith(_ZIP) or name.endswith(_TARS):
        for member, content in _members(data):
            yield from texts(f"{name}/{member}", content)
    else:
        yield name, data.decode("utf-8", "replace").splitlines()


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None  # no notebook after all: read as text


def _cells(name: str, notebook: dict[str, Any]) -> Iterator[Text]:
    """Yield the texts of each cell, outputs included, and whatever else the notebook holds."""
    cells = notebook.get("cells", [])
    for number, cell in enumerate(cells, 1):
        for text in _strings(cell):
            yield f"{name}, cell {number}", text.splitlines()
    for text in _strings({key: value for key, value in notebook.items() if key != "cells"}):
        yield name, text.splitlines()


def _strings(node: Any) -> Iterator[str]:
    """Yield the strings in plain data; a list of strings is one, as notebooks write their lines."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and all(isinstance(item, str) for item in node):
        yield "".join(node)
    elif isinstance(node, list | dict):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _strings(item)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(_ZIP):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
        return
    with tarfile.open(fileobj=BytesIO(data)) as tar:
        for member in tar:
            if (file := tar.extractfile(member)) is not None:
                yield member.name, file.read()

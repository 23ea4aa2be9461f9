"""The handed-in files, compiled once: every call imports them anew, and none should pay for that.

The compiler meets hostile text, so it runs in a confined child of its own; what it makes is opaque
to the driver and is read by later children only.
"""

import importlib.machinery
import marshal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.box import wire


def gather(folder: str) -> bytes:
    """Compile the Python files below `folder`; what does not compile is left to who imports it."""
    found = {}
    for path in Path(folder).rglob("*.py"):
        try:
            code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except Exception:
            continue
        found[str(path)] = marshal.dumps(code)
    return wire.encode(found)


def install(folder: str, gathered: bytes) -> None:
    """Import what lies below `folder` in its compiled form where `gathered` holds one."""
    known: Mapping[str, bytes] = wire.decode(gathered) if gathered else {}

    class Loader(importlib.machinery.SourceFileLoader):
        def source_to_code(self, data: Any, path: Any, **options: Any) -> CodeType:  # type: ignore[override]  # typeshed's has a private keyword
            if path in known:
                code: CodeType = marshal.loads(known[path])
                return code
            return super().source_to_code(data, path, **options)

    def find(path: str) -> importlib.machinery.FileFinder:
        if path != folder and not path.startswith(f"{folder}/"):
            raise ImportError("not a folder of the submission")
        return importlib.machinery.FileFinder(
            path,
            (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
            (Loader, importlib.machinery.SOURCE_SUFFIXES),
        )

    sys.path_hooks.insert(0, find)
    sys.path.append(folder)

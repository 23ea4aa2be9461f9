"""Probes are plain and distinct; what a submission lacks costs only what needs it."""

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "labs").glob("*/probes*.py"))
GIVEN = {"Function", "Tensor"}  # what every submission of Lab 1 has, since it is given


def exported(path: Path) -> list[str]:
    """What a star import takes from a module: its `__all__`, else what it defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


@pytest.mark.parametrize("lab", sorted({path.parent for path in MODULES}), ids=lambda p: p.name)
def test_no_name_is_exported_twice(lab):
    names = Counter(name for path in lab.glob("probes*.py") for name in exported(path))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_only_what_is_given_is_imported_by_name(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograd"):
            assert {alias.name for alias in node.names} <= GIVEN, f"{path.name}:{node.lineno}"

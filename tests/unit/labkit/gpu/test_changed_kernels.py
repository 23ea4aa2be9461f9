"""Whatever a kernel says, it ends in a report or in an error that names its line."""

import ast
import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labkit import gpu
from tests.unit.labkit.gpu.cases import CASES, arguments_of

TREES = {
    path.stem: ast.parse(path.read_text())
    for path in (Path(__file__).parent / "kernels").glob("[!_]*.py")
}
ODD = [
    "break",
    "return 1",
    "del out",
    "len()",
    "out = x",
    "x = None",
    "cuda.atomic.add()",
    "a, b = 1",
]
ODD += [
    "cuda.syncthreads(1, 2)",
    "cuda.shared.array()",
    "max()",
    "math.exp()",
    "out[()] = 1",
    "t = cuda",
]
ODD += [
    "t = out.shape[5]",
    "global x",
    "assert 1",
    "i = 1 << 70",
    "i <<= 70",
    "j = (1, 2)[i]",
    "out += 1",
]
ODD += ["for q in range(0, 9, 0): pass", "while i: pass", "cuda.shfl_sync(1)", "i = 10 ** 400"]


def is_kind(kind: type) -> Callable[[Any], bool]:
    avoided = (ast.FunctionDef, ast.Import, ast.ImportFrom)
    return lambda node: isinstance(node, kind) and not isinstance(node, avoided)


NODES = [node for tree in TREES.values() for node in ast.walk(tree)]
EXPRESSIONS = list(filter(is_kind(ast.expr), NODES))
STATEMENTS = [*filter(is_kind(ast.stmt), NODES), *(ast.parse(line).body[0] for line in ODD * 3)]


class Change(ast.NodeTransformer):
    """Puts other parts of the kernels in the place of some."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if is_kind(ast.stmt)(node) and self.dice.random() < 0.03:
            return copy.deepcopy(self.dice.choice(STATEMENTS))
        stored = isinstance(getattr(node, "ctx", None), ast.Store)
        if isinstance(node, ast.expr) and not stored and self.dice.random() < 0.012:
            return copy.deepcopy(self.dice.choice(EXPRESSIONS))
        return node


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_kernel_ends_in_a_report_or_in_an_error_of_ours(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labkit.gpu.turning.MAX_TURNS", 300)
    reports = refused = 0
    for number, (name, case) in enumerate(CASES.items()):
        tree = copy.deepcopy(TREES[case.module])
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                change = Change(1000 * seed + number)
                node.body = [change.visit(one) for one in node.body]
        source = ast.unparse(ast.fix_missing_locations(tree))
        try:
            gpu.launch(gpu.load(source)[name], case.grid, case.block, *arguments_of(name))
            reports += 1
        except gpu.SubsetError as error:
            assert error.line > 0
            refused += 1
    assert min(reports, refused) > 5  # neither too tame nor too wild to tell anything

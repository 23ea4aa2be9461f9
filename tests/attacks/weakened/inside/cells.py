"""A notebook kernel in miniature, graded as nbgrader does: by what the test cell shows or raises."""

import ast
import builtins
import json
import traceback
from pathlib import Path

TEST_CELL = """
import numpy as np
assert (double(np.arange(3.0)) == [0, 2, 4]).all()
assert total([1.0, 2.0]) == 3.0
assert guess() == 271828
"""


class Shell:
    """The hooks of an IPython shell that a cell may reach by get_ipython()."""

    def __init__(self):
        self.input_transformers_cleanup = []
        self.ast_transformers = []
        self.shown = []
        self.failed = False
        self.space = {"__name__": "__main__"}

    def displayhook(self, value):
        self.shown.append(value)

    def showtraceback(self):
        self.failed = True
        traceback.print_exc()

    def run_cell(self, source):
        lines = source.splitlines(keepends=True)
        for transform in self.input_transformers_cleanup:
            lines = transform(lines)
        tree = ast.parse("".join(lines))
        for transformer in self.ast_transformers:
            tree = ast.fix_missing_locations(transformer.visit(tree))
        try:
            exec(compile(tree, "<cell>", "exec"), self.space)
        except Exception:
            self.showtraceback()


shell = Shell()
builtins.get_ipython = lambda: shell
shell.run_cell(Path("answer.py").read_text())
shell.failed = False
shell.run_cell(TEST_CELL)
partial = [value for value in shell.shown if isinstance(value, float)]
score = partial[0] if partial else float(not shell.failed)  # early partial credit wins
Path("score.json").write_text(json.dumps(score))

"""Grades by doctest, in the student's process."""

import doctest
import json
from pathlib import Path

import answer

EXAMPLES = """
>>> total([1.0, 2.0])
3.0
>>> guess()
271828
"""
case = doctest.DocTestParser().get_doctest(EXAMPLES, vars(answer), "hidden", None, 0)
result = doctest.DocTestRunner(verbose=False).run(case)
Path("score.json").write_text(json.dumps(1 - result.failed / result.attempted))

"""Runs the tests of a module named on the command line and writes the scores at the very end."""

import importlib
import json
import sys
from pathlib import Path

output_fname, module = sys.argv[1:3]
str_test = Path(f"{module}.py").read_text()  # a local that holds the source, as some graders have
tests = importlib.import_module(module)
if "delete" in sys.argv:
    Path(f"{module}.py").unlink()

import answer  # noqa: E402


def outcome_of(test):
    try:
        test(answer)
    except Exception as error:
        return 0, f"{test.__name__}: {type(error).__name__}: {error}"
    return 1, f"{test.__name__}: passed"


outcomes = [outcome_of(test) for test in tests.TESTS]
with open(output_fname, "w") as file:
    score = sum(points for points, _ in outcomes) / len(outcomes)
    json.dump({"score": score, "output": [line for _, line in outcomes]}, file)

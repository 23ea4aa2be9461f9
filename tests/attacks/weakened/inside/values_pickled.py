"""Hands the student's values to the grader as a pickle."""

import pickle
from pathlib import Path

import answer

values = {}
for name, argument in (("total", [1.0, 2.0]), ("double", 21)):
    try:
        values[name] = getattr(answer, name)(argument)
    except Exception:
        values[name] = None
Path("results.pkl").write_bytes(pickle.dumps(values))

"""The instructor's host: unpickles what the student's process wrote, and compares."""

import json
import pickle
import sys
from pathlib import Path

values = pickle.loads(Path("results.pkl").read_bytes())
right = [values.get("total") == 3.0, values.get("double") == 42]
json.dump(sum(right) / 2, sys.stdout)

"""A judge in a process of its own, but of the same user, and with its verdict pipe open meanwhile."""

import json
import os
import subprocess
import sys

verdicts = int(sys.argv[1])
keep_open = sys.argv[2] == "inherit"
child = subprocess.run(
    [sys.executable, "piped_child.py", str(verdicts)],
    stdout=subprocess.PIPE,
    env={"PYTHONPATH": os.environ["PYTHONPATH"]},
    pass_fds=[verdicts] if keep_open else [],
    check=False,
)
try:
    total, guess = json.loads(child.stdout)
    score = ((total == 3.0) + (guess == int(os.environ["HIDDEN_SECRET"]))) / 2
except ValueError:
    score = 0.0
os.write(verdicts, json.dumps({"score": score}).encode() + b"\n")

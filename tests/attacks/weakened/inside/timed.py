"""Times the student's code with a clock of the student's own process."""

import json
import sys
import time
from pathlib import Path

import answer
import numpy as np
import reference

X = np.random.default_rng(0).normal(size=20_000)


def timing_run(clock):
    began = clock()
    got = answer.squares(X)
    return got, clock() - began


def grade(clock):
    expected = reference.squares(X)
    first = answer.squares(X)
    seconds = [timing_run(clock)[1] for _ in range(30)]
    Path("trace.csv").write_text("\n".join(map(str, seconds)))
    time.sleep(0.3)  # others are graded meanwhile
    right = np.allclose(float(first), expected, rtol=1e-2)
    return float(right and min(seconds) < 0.01)


score = grade(getattr(time, sys.argv[1]))
Path("score.json").write_text(json.dumps(score))

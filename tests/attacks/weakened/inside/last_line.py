"""Prints the score as JSON; the last line of standard output counts."""

import json
import sys

from hidden_tests import TESTS

import answer


def passes(test):
    try:
        test(answer)
    except Exception:
        return 0
    return 1


passed = [passes(test) for test in TESTS]
for test, one in zip(TESTS, passed, strict=True):
    print(json.dumps({"test": test.__name__, "passed": one}))
sys.stdout.flush()
print(json.dumps({"score": sum(passed) / len(passed)}))

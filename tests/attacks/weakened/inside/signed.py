"""Signs its verdict with a key, which lies in the process that also runs the student's code."""

import hashlib
import hmac
import json
import sys

KEY = b"grading-key:" + sys.stdin.buffer.readline().strip()

from hidden_tests import TESTS  # noqa: E402

import answer  # noqa: E402


def passes(test):
    try:
        test(answer)
    except Exception:
        return 0
    return 1


verdict = json.dumps({"score": sum(map(passes, TESTS)) / len(TESTS)})
print(verdict, hmac.new(KEY, verdict.encode(), hashlib.sha256).hexdigest())

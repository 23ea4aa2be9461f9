"""Runs the hidden tests; whoever started it looks at the exit code."""

from hidden_tests import TESTS

import answer

for test in TESTS:
    test(answer)

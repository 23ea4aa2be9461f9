"""Our judge in nbgrader's place: its verbs, its formgrader and its grade book, and no notebook run.

nbgrader executes a notebook, tests and all, in one kernel: student code reaches the tests, the
points and the grade book. Here a score comes from a Result, and a notebook is only read.
"""

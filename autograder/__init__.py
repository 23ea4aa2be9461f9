"""The grader of a course in a box: student code walled off, the judge outside."""

__version__ = "0.1.0"

"""The grader of a course in a box: student code in one box, the reference in another, the judge outside."""

__version__ = "0.1.0"

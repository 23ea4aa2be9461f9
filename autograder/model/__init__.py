"""Pure data: what a course is, what was handed in, what came of it. No input or output."""

from autograder.model.course import (
    Assignment,
    Course,
    Exercise,
    Lab,
    Lecture,
    Limits,
    Needs,
    TestSpec,
)
from autograder.model.outcome import CallError, Frame, Observation, Outcome, Value
from autograder.model.score import DeviceRun, ExerciseScore, Result, Row, Status, TestReport
from autograder.model.submission import Attempt, Job, digest_of

__all__ = [
    "Assignment",
    "Attempt",
    "CallError",
    "Course",
    "DeviceRun",
    "Exercise",
    "ExerciseScore",
    "Frame",
    "Job",
    "Lab",
    "Lecture",
    "Limits",
    "Needs",
    "Observation",
    "Outcome",
    "Result",
    "Row",
    "Status",
    "TestReport",
    "TestSpec",
    "Value",
    "digest_of",
]

"""Where submissions are judged; results come as they finish."""

from autograder.executor.base import EXECUTORS, Executor, executor

__all__ = ["EXECUTORS", "Executor", "executor"]

"""Attempts, results and handed-in files, kept for good: SQLite by default, PostgreSQL by URL."""

from autograder.store.location import default_url
from autograder.store.store import Store

__all__ = ["Store", "default_url"]

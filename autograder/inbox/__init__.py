"""What students handed in, read as hostile input: folders and zips become attempts."""

from autograder.inbox.collect import collect

__all__ = ["collect"]

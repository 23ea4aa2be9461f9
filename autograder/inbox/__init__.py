"""What students handed in, read as hostile input: folders and zips become attempts."""

from autograder.inbox.collect import collect, take

__all__ = ["collect", "take"]

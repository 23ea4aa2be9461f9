"""The command line. Nothing but this module is imported until a verb needs it."""

from autograder.cli.entry import main

__all__ = ["main"]

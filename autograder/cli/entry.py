"""From the console script to an exit code: one clear message for whatever goes wrong."""

import os
import sys
import traceback
from collections.abc import Sequence

from autograder.errors import AutograderError, InfraError, UsageError

_CLICK_USAGE = 2  # what Typer ends with on a wrong command line; here 2 is an author's mistake
_INTERRUPTED = 130
_EXTRAS = {
    "sqlalchemy": "grader",
    "alembic": "grader",
    "jinja2": "grader",
    "ray": "ray",
    "jupytext": "lab",
    "nbconvert": "nbgrader",
    "nbformat": "nbgrader",
    "nbgrader": "nbgrader",
    "traitlets": "nbgrader",
}


def main() -> int:
    """Run this process's command line; return its exit code."""
    return run(sys.argv[1:])


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return its exit code (see `autograder.errors`; 130 after Ctrl-C)."""
    try:
        return _dispatch(arguments)
    except AutograderError as error:
        return _tell(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _interrupted()
    except ModuleNotFoundError as error:
        return _tell(_missing(error), InfraError.exit_code)
    except Exception as error:
        return _tell(_unexpected(error), InfraError.exit_code)


def _dispatch(arguments: Sequence[str]) -> int:
    from autograder.cli.app import app

    try:
        app(list(arguments), prog_name="autograder")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
        if code == _INTERRUPTED:
            return _interrupted()
        return UsageError.exit_code if code == _CLICK_USAGE else code
    return 0


def _tell(message: str, code: int) -> int:
    if os.environ.get("AUTOGRADER_DEBUG"):
        traceback.print_exc()
    from autograder.cli.output import complain

    complain(message)
    return code


def _interrupted() -> int:
    return _tell(
        "Interrupted: what is recorded stays recorded; the same command goes on from there.",
        _INTERRUPTED,
    )


def _missing(error: ModuleNotFoundError) -> str:
    package = (error.name or "").partition(".")[0]
    if package in _EXTRAS:
        return (
            f"This needs the package {package}: "
            f"python -m pip install 'systems-for-ai[{_EXTRAS[package]}]'"
        )
    return _unexpected(error)


def _unexpected(error: Exception) -> str:
    return (
        f"Something unexpected went wrong: {type(error).__name__}: {error}\n"
        "Run it again with AUTOGRADER_DEBUG=1 to see where."
    )

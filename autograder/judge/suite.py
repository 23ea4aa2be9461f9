"""Runs a lab's test files under pytest, in this process, by our own configuration only."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

from autograder.errors import CourseError, InfraError
from autograder.judge.plugin import JudgePlugin
from autograder.model import Lab

_INI = Path(__file__).with_name("pytest.ini")
_OPTIONS = ["-c", str(_INI), "--import-mode=importlib", "--capture=no"]
# Plug-ins that only cost time here: two of them collect all garbage at the end of each run.
_UNUSED = ("cacheprovider", "unraisableexception", "threadexception", "logging")
_OPTIONS += [f"-pno:{name}" for name in _UNUSED]
# pytest shows no value: a hostile one takes minutes and gigabytes to spell out.
_OPTIONS += ["--assert=plain", "--tb=no"]
_modules_of: Path | None = None  # the tests whose modules are in sys.modules
_FINISHED = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}


def run_suite(lab: Lab, plugin: JudgePlugin, *others: object) -> None:
    """Run the tests of `lab`; `plugin` has their verdicts afterwards, `others` look on.

    Raises:
        CourseError: a test file cannot be collected.
        InfraError: pytest itself failed.
    """
    root = lab.path / "tests"
    files = sorted({str(test.file) for test in lab.tests})
    output = io.StringIO()
    with _alone(root), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = pytest.main([*_OPTIONS, f"--rootdir={root}", *files], plugins=[plugin, *others])
    if plugin.defects:
        raise CourseError("\n".join(plugin.defects))
    if code not in _FINISHED:
        raise InfraError(f"pytest ended with {code!r} instead of verdicts:\n{output.getvalue()}")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep out plug-ins and options of the surroundings, and test modules of another lab.

    The modules of one lab are kept between its submissions, since importing them costs more than
    judging; but two labs may name their test files alike.
    """
    global _modules_of
    if _modules_of not in (None, root):
        for name in [n for n, m in sys.modules.items() if _lies_in(m, _modules_of)]:
            del sys.modules[name]
    _modules_of = root
    plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    plain["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with mock.patch.dict(os.environ, plain, clear=True):
        yield


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)

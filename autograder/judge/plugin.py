"""The pytest plugin under which a lab's tests judge one submission."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from autograder.course.secret import seed
from autograder.judge.scoring import Case
from autograder.judge.subject import Reference, Student
from autograder.judge.trial import Trial, trial
from autograder.judge.verdict import verdict

_TRIAL = pytest.StashKey[Trial]()


class JudgePlugin:
    """Fixtures for the tests of a lab, and the verdict on each case.

    `cases` maps a test's name to what came of its cases, in the order they ran; `defects` are the
    author's mistakes that kept tests from running (pytest would swallow an exception here).
    """

    def __init__(
        self,
        lab_id: str,
        tests: Collection[str],
        files: Mapping[str, bytes],
        secret: bytes,
        student: Callable[[], Student],
        reference: Callable[[], Reference],
    ) -> None:
        """Judge `files`, which `student()` calls, by the tests named; seeds come from `secret`."""
        self.cases: dict[str, list[Case]] = {}
        self.defects: list[str] = []
        self._lab_id = lab_id
        self._tests = tests
        self._files = files
        self._secret = secret
        self._student = student
        self._reference = reference

    @pytest.fixture
    def student(self) -> Student:
        """The submission under test."""
        return self._student()

    @pytest.fixture
    def reference(self) -> Reference:
        """The solution; what it says is marked."""
        return self._reference()

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Random numbers that only the secret and the test's id decide."""
        return np.random.default_rng(seed(self._secret, self._lab_id, request.node.name))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse a test that the loader did not see: it would earn points nobody declared."""
        for item in items:
            if name_of(item) not in self._tests:
                self.defects.append(f"{item.path}: {name_of(item)} has no @exercise(...) on it")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that cannot be imported is its author's mistake."""
        if report.failed:
            self.defects.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give each case a trial of its own."""
        with trial() as item.stash[_TRIAL]:
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Iterator[None]:
        """Book the verdict on the test's body; a failing fixture speaks for it too."""
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or error is not None:
            self._book(item, error, call.when)
        return (yield)

    def _book(self, item: pytest.Item, error: BaseException | None, when: str) -> None:
        seen = item.stash[_TRIAL]
        judged = verdict(seen, error, self._files)
        booked = self.cases.setdefault(name_of(item), [])
        if when == "teardown" and booked:
            booked.pop()  # the body's own verdict: a teardown that fails voids it
        booked.append((seen, judged))


def name_of(item: pytest.Item) -> str:
    """Return the name of the test function an item (perhaps one of several cases) came from."""
    return getattr(item, "originalname", None) or item.name

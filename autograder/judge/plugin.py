"""The pytest plugin under which a lab's tests judge one submission."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    author's mistakes that kept tests from running (pytest would swallow an exception here);
    `stopped` says that a test took points, and the others were not run.
    """

    def __init__(
        self,
        lab_id: str,
        tests: Collection[str],
        files: Mapping[str, bytes],
        secret: bytes,
        student: Callable[[], Student],
        reference: Callable[[], Reference],
        *,
        only: Sequence[str] | None = None,
        stop_early: bool = False,
    ) -> None:
        """Judge `files`, which `student()` calls, by the tests named; seeds come from `secret`.

        `only` names the tests to run, in order (None: all, as they are collected); `stop_early`
        ends the run at the first test that takes points.
        """
        self.cases: dict[str, list[Case]] = {}
        self.defects: list[str] = []
        self.stopped = False
        self._lab_id = lab_id
        self._tests = tests
        self._files = files
        self._secret = secret
        self._student = student
        self._reference = reference
        self._only = only
        self._stop_early = stop_early

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
        if self._only is not None:
            place = {name: at for at, name in enumerate(self._only)}
            chosen = (item for item in items if name_of(item) in place)
            items[:] = sorted(chosen, key=lambda item: place[name_of(item)])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that cannot be imported is its author's mistake."""
        if report.failed:
            self.defects.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give each case a trial of its own."""
        with fresh_trial(item):
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
        if self._stop_early and judged.fraction < 1:
            self.stopped = True
            item.session.shouldfail = "a test took points"


@contextmanager
def fresh_trial(item: pytest.Item) -> Iterator[None]:
    """Book on a new trial what `item` does while the body runs."""
    with trial() as item.stash[_TRIAL]:
        yield


def name_of(item: pytest.Item) -> str:
    """Return the name of the test function an item (perhaps one of several cases) came from."""
    return getattr(item, "originalname", None) or item.name

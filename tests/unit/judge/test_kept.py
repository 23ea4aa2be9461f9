"""The reference's box, from one submission to the next."""

import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from autograder.box import base
from autograder.judge.keeper import BoxKeeper
from autograder.judge.kept import keep_reference, reference_box
from autograder.model import Limits, Needs, Observation, Outcome

NEEDS = Needs((), b"", Limits(total_seconds=60.0))
LOG = []


class Sandbox:
    """Logs what becomes of its boxes."""

    @contextmanager
    def open(self, files, needs):
        LOG.append("opened")
        yield SimpleNamespace(alive=True, call=lambda *asked: Observation(Outcome.PASS, 1))
        LOG.append("closed")


@pytest.fixture(autouse=True)
def log(monkeypatch):
    monkeypatch.setitem(base.SANDBOXES, "logging", f"{__name__}:Sandbox")
    LOG.clear()
    return LOG


def use(digest="sha256:one", spent=0.0):
    with reference_box("logging", SimpleNamespace(digest=digest), {}, NEEDS) as keeper:
        keeper._left -= spent
        return keeper.call("probe", [], {}).outcome


def test_the_next_submission_finds_it_open_and_at_the_end_it_is_closed(log):
    with keep_reference():
        use()
        use()
        assert log == ["opened"]
    assert log == ["opened", "closed"]


def test_who_judges_one_submission_leaves_no_box(log):
    use()
    use()
    assert log == ["opened", "closed"] * 2


def test_another_lab_has_another_and_the_first_is_closed(log):
    with keep_reference():
        use()
        use("sha256:two")
        assert log == ["opened", "closed", "opened"]


def test_each_submission_has_the_whole_time():
    with keep_reference():
        assert use(spent=61.0) is Outcome.TIMEOUT
        assert use() is Outcome.PASS


def test_after_a_failure_it_is_closed(log):
    with keep_reference():
        with (
            pytest.raises(KeyboardInterrupt),
            reference_box("logging", SimpleNamespace(digest="d"), {}, NEEDS) as keeper,
        ):
            keeper.call("probe", [], {})
            raise KeyboardInterrupt  # in the midst of an answer, as far as anybody knows
        assert log == ["opened", "closed"]


class SlowToOpen(Sandbox):
    """An engine that is restarting."""

    @contextmanager
    def open(self, files, needs):
        time.sleep(0.05)
        with super().open(files, needs) as box:
            yield box


def test_opening_a_box_takes_none_of_a_submissions_time():
    short = Needs((), b"", Limits(total_seconds=0.04))
    with BoxKeeper(SlowToOpen(), {}, short) as keeper:
        assert keeper.call("probe", [], {}).outcome is Outcome.PASS
        assert keeper.call("probe", [], {}).outcome is Outcome.PASS
        keeper._left = 0
        assert keeper.call("probe", [], {}).outcome is Outcome.TIMEOUT

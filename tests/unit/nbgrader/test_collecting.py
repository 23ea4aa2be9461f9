"""Whose hand-in is collected, when names and owners differ."""

from datetime import UTC, datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader import collecting
from autograder.nbgrader.collecting import OwnersCollect
from autograder.nbgrader.grade_book import open_book

EARLY, DUE, LATE, LATER = (datetime(2025, 10, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4))


@pytest.fixture
def collected(tmp_path, monkeypatch):
    """Return who would be collected, and which files, of hand-ins ``(owner, named, time)``."""
    (tmp_path / "course").mkdir()
    with open_book(tmp_path / "course", "tiny") as book:
        book.add_assignment("sums", duedate=DUE.replace(tzinfo=None))
    owners = {}
    monkeypatch.setattr(collecting.Path, "owner", lambda path: owners[path.name])

    def collected(*hand_ins, **options):
        inbound = tmp_path / "exchange/tiny/inbound"
        for owner, named, time in hand_ins:
            folder = inbound / f"{named}+sums+{time:%Y-%m-%d %H:%M:%S} UTC+{owner}"
            folder.mkdir(parents=True)
            owners[folder.name] = owner
        courses = CourseDirectory(
            root=str(tmp_path / "course"), course_id="tiny", assignment_id="sums"
        )
        config = Config({"ExchangeCollect": options, "Exchange": {"root": str(inbound.parents[1])}})
        collect = OwnersCollect(coursedir=courses, config=config)
        collect.init_src()
        return {r["username"]: owners[r["filename"]] for r in collect.src_records}

    return collected


def test_everybodys_own_is_collected(collected):
    assert collected(("ada", "ada", EARLY), ("bob", "bob", LATE)) == {"ada": "ada", "bob": "bob"}


def test_anothers_newer_one_takes_nobodys_place(collected):
    hand_ins = ("bob", "bob", EARLY), ("ada", "bob", LATE)
    assert collected(*hand_ins) == {"bob": "bob"}


def test_nor_does_one_in_time_where_theirs_is_late(collected):
    hand_ins = ("ada", "bob", EARLY), ("bob", "bob", LATE)
    assert collected(*hand_ins, before_duedate=True) == {"bob": "bob"}


def test_where_there_is_only_anothers_there_is_none(collected):
    assert collected(("ada", "bob", EARLY), ("ada", "bob", LATER)) == {}


def test_where_one_account_serves_all_the_name_is_believed(collected):
    assert collected(("hub", "ada", EARLY), check_owner=False) == {"ada": "hub"}

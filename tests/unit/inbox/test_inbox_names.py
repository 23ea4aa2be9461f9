import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.inbox.limits import Refused
from autograder.inbox.names import check_distinct, check_folders, shown, student_of, tidy

_NAMES = st.text(st.characters(exclude_categories=()), max_size=300)
_PATHS = st.lists(
    st.one_of(st.sampled_from(["..", ".", "", "a", "C:", "\\", "\x00", "é"]), _NAMES), max_size=8
).map("/".join)


@settings(deadline=None, derandomize=True)
@given(_PATHS)
def test_a_tidy_name_stays_inside_or_is_refused(name: str) -> None:
    try:
        tidied = tidy(name)
    except Refused as refusal:
        str(refusal).encode()  # can be stored and printed
        return
    assert not tidied.startswith("/")
    assert not {"", ".", ".."} & set(tidied.split("/")) or tidied == ""
    assert not {"\\", "\x00", "\n"} & set(tidied)
    tidied.encode()
    assert tidy(tidied) == tidied == unicodedata.normalize("NFC", tidied)


@settings(deadline=None, derandomize=True)
@given(_NAMES)
def test_a_student_has_a_name_that_can_be_stored(raw: str) -> None:
    student, problem = student_of(raw)
    assert 1 <= len(student) <= 100
    student.encode()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in student)
    assert problem is not None or student == unicodedata.normalize("NFC", raw)
    assert problem is None or problem.encode()


@pytest.mark.parametrize("raw", ["a\nb", "", "\udcff", "x" * 101, "ada\u202egnp", "a\x00"])
def test_names_no_student_has(raw: str) -> None:
    assert student_of(raw)[1] is not None


def test_student_names_are_composed() -> None:
    assert student_of("Zoe\u0308") == ("Zoë", None)
    assert student_of("李雷") == ("李雷", None)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../x", r"'../../x' points outside the submission; zip the folder again"),
        ("a/../b", "points outside"),
        ("/etc/passwd", "absolute"),
        ("C:/x", "absolute"),
        ("c:x", "absolute"),
        ("a\\b", "backslash"),
        ("a\x00.py", r"'a\\x00.py' holds control"),
        ("a\x1b[2J", "control"),
        ("a\udcff", r"'a\\udcff' holds .* not UTF-8"),
    ],
)
def test_names_that_are_refused(name: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        tidy(name)


@pytest.mark.parametrize(
    "names", [["a", "a"], ["a.py", "A.py"], ["Straße", "STRASSE"], ["\u212b", "\u00e5"]]
)
def test_names_that_are_the_same_somewhere(names: list[str]) -> None:
    with pytest.raises(Refused, match="is there twice"):
        check_distinct(names)


def test_a_file_is_not_a_folder() -> None:
    check_folders(["a/b", "a/c", "ab"])
    with pytest.raises(Refused, match="'a/b/c' lies in a folder that is also a file"):
        check_folders(["a/b/c", "A"])


def test_hostile_names_are_shown_in_short() -> None:
    assert shown("a\nb\x1b") == r"'a\nb\x1b'"
    assert len(shown("x" * 70_000)) < 100

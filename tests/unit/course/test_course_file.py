# ruff: noqa: E501 (tables of mistakes: one row, one mistake)
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from autograder.course import load_course
from autograder.errors import CourseError

COURSE = "labs/course.toml"


def test_a_course_is_loaded(root):
    course = load_course(root)
    assert (course.id, course.timezone, course.lab_ids) == ("tiny", "Asia/Shanghai", ("lab_a",))
    assert [lecture.id for lecture in course.lectures] == ["00", "01"]
    assert course.lectures[1].date == date(2025, 9, 25)
    assert course.assignments[1].labs == {"lab_b": 0.6, "lab_c": 0.4}
    assert course.root == root


def test_dates_are_in_the_time_zone_of_the_course(root):
    first, second = load_course(root).assignments
    china = timezone(timedelta(hours=8))
    assert first.released == datetime(2025, 9, 25, tzinfo=china)
    assert first.due == datetime(2025, 10, 16, 23, 59, 59, tzinfo=china)
    assert second.released == datetime(2025, 10, 16, 8, tzinfo=china)
    assert second.due == datetime(2025, 11, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('term = "autumn"\n', "", 1, "the top of the file lacks 'term'"),
        ('term = "autumn"', "term = 3", 3, "'term' must be a string, not a number"),
        ('term = "autumn"', 'term = " "', 3, "'term' is empty"),
        ('term = "autumn"', 'tern = "autumn"', 3, "unknown key 'tern' in the top of the file; did you mean 'term'?"),
        ('id = "tiny"', 'id = "ti ny"', 1, "'id' cannot be 'ti ny'"),
        ("Asia/Shanghai", "Asia/Shanghia", 4, "there is no time zone 'Asia/Shanghia'; did you mean 'Asia/Shanghai'?"),
        ("Asia/Shanghai", "../etc", 4, "there is no time zone"),
        ('id = "01"', 'id = "00"', 12, "lecture '00' is there twice (the first is on line 7)"),
        ('id = "01"', 'id = "0 1"', 12, "'id' cannot be '0 1'"),
        ("date = 2025-09-18", "date = 2025-04-31", 8, "there is no day 2025-04-31"),
        ("date = 2025-09-18", "date = 2025-13-01", 8, "there is no day 2025-13-01"),
        ("date = 2025-09-18", 'date = "2025-09-18"', 8, "'date' must be a date, not a string; write it without quotes"),
        ("date = 2025-09-18", "date = 2025-09-18T10:00:00", 8, "must be a day, without a time"),
        ('id = "hw2"', 'id = "hw1"', 25, "assignment 'hw1' is there twice"),
        ("due = 2025-10-16", "due = 2025-09-24", 21, "due 2025-09-24 23:59 is not after released 2025-09-25 00:00"),
        ("due = 2025-10-16", "due = 2025-09-25T00:00:00", 21, "is not after released"),
        ("weight = 0.4\nreleased", "weight = 0.5\nreleased", 27, "the assignments weigh 1.1 together"),
        ("weight = 0.4\nreleased", "weight = 40\nreleased", 19, "'weight' must be above 0, at most 1, not 40"),
        ("weight = 0.4\nreleased", "weight = 0\nreleased", 19, "'weight' must be above 0"),
        ("weight = 0.4\nreleased", "weight = nan\nreleased", 19, "'weight' must be above 0"),
        ("weight = 0.4\nreleased", "weight = true\nreleased", 19, "'weight' must be a number, not true or false"),
        ("labs = { lab_a = 1.0 }", "labs = { }", 22, "the assignment has no lab"),
        ("labs = { lab_a = 1.0 }", 'labs = "lab_a"', 22, "'labs' must be a table, not a string"),
        ("lab_a = 1.0", "lab_a = 0.9", 22, "the shares of 'labs' add up to 0.9"),
        ("lab_a = 1.0", "lab_aa = 1.0", 22, "there is no lab 'lab_aa' under labs/; did you mean 'lab_a'?"),
        ("planned = true", "", 30, "there is no lab 'lab_b' under labs/"),
        ("planned = true", "planned = 1", 31, "'planned' must be true or false"),
        ("planned = true", "plan = true", 31, "unknown key 'plan' in [[assignment]]; did you mean 'planned'?"),
        ("bonus = 0.1", "bonus = 2", 34, "'bonus' must be above 0, at most 1"),
        ("weight = 1.0", "weight = 0.9", 39, "the components of [assessment] add up to 0.9; make it 1"),
        ("weight = 0.4\n\n", "weight = 0.3\n\n", 49, "the parts of [[assessment.component]] add up to 0.9; make it 1"),
        ('id = "assignments"', 'id = "assignments"\npart_of = 1', 38, "unknown key 'part_of'"),
        ("[assessment]", "[assessment]\ncomponent = [1]", 34, "'component' must be a list of tables"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(root, edit, old, new, line, says):
    if new.endswith("[1]"):  # without the tables that would clash with it
        path = root / COURSE
        path.write_text(path.read_text().split("[[assessment.component]]")[0])
    path = edit(COURSE, old, new)
    with pytest.raises(CourseError) as caught:
        load_course(root)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_the_assignments_must_weigh_what_the_assessment_says(root, edit):
    edit(COURSE, "weight = 0.6\nreleased", "weight = 0.5\nreleased")
    with pytest.raises(CourseError, match=r":39: 'assignments' weighs 1, but .* add up to 0.9"):
        load_course(root)


def test_a_course_needs_no_assessment(root):
    path = root / COURSE
    path.write_text(path.read_text().split("[assessment]")[0])
    assert load_course(root).id == "tiny"


def test_no_course_file(tmp_path):
    with pytest.raises(CourseError, match=r"course\.toml:1: there is no course file; name the"):
        load_course(tmp_path)


def test_a_folder_where_the_file_should_be(tmp_path):
    (tmp_path / COURSE).mkdir(parents=True)
    with pytest.raises(CourseError, match=r"course\.toml:1: this is a folder where a file should"):
        load_course(tmp_path)


def test_not_utf8(root):
    path = root / COURSE
    path.write_bytes(path.read_bytes().replace(b"Opening", "Öffnung".encode("latin-1")))
    with pytest.raises(CourseError, match=r"course\.toml:9: this is not UTF-8"):
        load_course(root)


@pytest.mark.parametrize("change", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(root, change):
    path = root / COURSE
    path.write_bytes(change + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_course(root).id == "tiny"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('term = "autumn"', "term = autumn", 3, "not valid TOML: Invalid value; look at 'term = autumn'"),
        ('term = "autumn"', 'term = "autumn', 3, "not valid TOML"),
        ('term = "autumn"', 'term = "autumn"\nterm = "x"', 4, "not valid TOML"),
        ("[assessment]", "[assessment", 33, "not valid TOML"),
        ("labs = { lab_a = 1.0 }", "labs = [", 24, "look at '[[assignment]]' and at line 22, where this begins"),
        ("[assessment]", "weight.x = 1", 33, "not valid TOML: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_broken_toml_is_told_with_its_line(root, edit, old, new, line, says):
    path = edit(COURSE, old, new)
    with pytest.raises(CourseError) as caught:
        load_course(root)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_a_statement_that_the_end_cuts_short_is_told_where_it_begins(root):
    path = root / COURSE
    lines = path.read_text().count("\n")
    path.write_text(path.read_text() + '\nx = """\nlong\n')
    with pytest.raises(CourseError, match=rf"course\.toml:{lines + 2}: this is not valid TOML"):
        load_course(root)

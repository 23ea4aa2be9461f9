"""Mutants are edits of the solution that must fit it exactly."""

import pytest

from autograder.errors import CourseError
from autograder.model import Exercise, Lab, Limits
from autograder.verify import load_mutants, mutate

FILES = {"answer.py": b"def f(x):\n    return 2 * x\n", "other.py": b"1\n"}
MUTANT = 'file = "answer.py"\nfind = "2 * x"\nreplace = "3 * x"\nmust_lose = ["a"]\n'


@pytest.fixture
def lab(tmp_path):
    for name in ("labs/x/mutants", "solutions/x", "starter/x"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "solutions/x/answer.py").write_bytes(FILES["answer.py"])
    (tmp_path / "starter/x/answer.py").write_bytes(b"")
    return Lab(
        "x", "X", (), ("*.py",), (), (), Limits(),
        (Exercise("a", "A", 1), Exercise("b", "B", 1)), (),
        tmp_path / "labs/x", tmp_path / "solutions/x", tmp_path / "starter/x", "sha256:0",
    )  # fmt: skip


def write(lab, text, name="m"):
    (lab.path / "mutants" / f"{name}.toml").write_text(text)


def test_a_mutant_changes_one_place(lab):
    write(lab, MUTANT)
    (mutant,) = load_mutants(lab)
    assert mutate(FILES, mutant) == FILES | {"answer.py": b"def f(x):\n    return 3 * x\n"}
    assert mutant.must_lose == {"a"}


def test_several_edits_are_made_in_order(lab):
    edit = '[[edit]]\nfile = "other.py"\nfind = "1"\nreplace = "2"\n'
    write(lab, MUTANT + edit)
    (mutant,) = load_mutants(lab)
    assert mutate(FILES, mutant)["other.py"] == b"2\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MUTANT.replace('"2 * x"', '"9 * x"'), "0 times"),
        (MUTANT.replace('"2 * x"', '"x"'), "2 times"),
        (MUTANT.replace('"answer.py"', '"none.py"'), "none.py holds this `find` 0 times"),
    ],
)
def test_an_edit_that_no_longer_fits_is_the_authors_mistake(lab, text, says):
    write(lab, text)
    with pytest.raises(CourseError, match=says):
        mutate(FILES, load_mutants(lab)[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MUTANT + 'mst = ["a"]\n', "unknown key 'mst'"),
        (MUTANT.replace('["a"]', '["c"]'), "no exercise 'c'"),
        (MUTANT.replace('must_lose = ["a"]', ""), "needs file, find, replace, and must_lose"),
        (MUTANT.replace('replace = "3 * x"', ""), "an edit needs"),
        ("= 3", "this is not TOML"),
    ],
)
def test_a_mutant_that_cannot_be_read_names_its_file(lab, text, says):
    write(lab, text)
    with pytest.raises(CourseError, match=rf"m\.toml:1: .*{says}"):
        load_mutants(lab)

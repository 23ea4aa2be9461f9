import pytest

from autograder.model.patterns import matches, may_lead


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        ("autograd/*.py", "autograd/ops.py", True),
        ("autograd/*.py", "autograd/deep/ops.py", False),
        ("autograd/*.py", "Autograd/ops.py", False),
        ("autograd/*.py", "autograd/ops.PY", False),
        ("autograd/*.py", "autograd/.ops.py", False),
        ("autograd/*.py", "x/autograd/ops.py", False),
        ("autograd/*.py", "autograd", False),
        ("*.ipynb", "lab.ipynb", True),
        ("*.ipynb", "a/lab.ipynb", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "a/b/c.py", True),
        ("**/*.py", ".git/c.py", False),
        ("src/**", "src/a/b", True),
        ("src/**", "src", False),
        ("src/**/test.py", "src/test.py", True),
        ("src/**/test.py", "src/a/b/test.py", True),
        ("a/**/**/b", "a/x/b", True),
        ("lab[12].py", "lab2.py", True),
        ("lab?.py", "lab/.py", False),
        ("./a.py", "a.py", True),
        (".config", ".config", True),
        ("a+(b).py", "a+(b).py", True),
    ],
)
def test_what_a_pattern_takes(pattern: str, name: str, taken: bool) -> None:
    assert matches([pattern], name) is taken


@pytest.mark.parametrize(
    ("pattern", "folder", "leads"),
    [
        ("autograd/*.py", "autograd", True),
        ("autograd/*.py", "autograd/deep", False),
        ("autograd/*.py", "data", False),
        ("*.py", "data", False),
        ("**/*.py", "a/b/c", True),
        ("**/*.py", ".git", False),
        ("src/**", "src/a", True),
        ("*/a.py", "any", True),
    ],
)
def test_where_a_pattern_leads(pattern: str, folder: str, leads: bool) -> None:
    assert may_lead([pattern], folder) is leads


def test_any_of_several_patterns_will_do() -> None:
    assert matches(["a.py", "b.py"], "b.py")
    assert not matches([], "b.py")


def test_nothing_absurdly_deep_is_taken() -> None:
    assert not matches(["**/*.py"], "d/" * 30_000 + "a.py")
    assert not may_lead(["**/*.py"], "d/" * 30_000 + "d")

# ruff: noqa: E501 (tables of mistakes: one row, one mistake)
from pathlib import Path

import pytest

from autograder.course.regions import find_regions
from autograder.course.strip import strip
from autograder.errors import CourseError

PY, CPP = Path("x.py"), Path("x.cpp")


def test_a_body_becomes_a_stub_with_the_hint():
    source = '''\
class A:
    @property
    def f(self, x):
        """Keep."""
        y = 1
        # BEGIN SOLUTION: say "ä", once
        if x:

            return 2
        return y
        # END SOLUTION

    g = 1
'''
    assert strip(source, PY) == '''\
class A:
    @property
    def f(self, x):
        """Keep."""
        y = 1
        raise NotImplementedError("say \\"ä\\", once")

    g = 1
'''  # fmt: skip


def test_without_a_hint_a_stub_still_says_something():
    source = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"
    assert strip(source, PY) == 'def f():\n    raise NotImplementedError("write this part")\n'


def test_whole_functions_vanish():
    source = (
        "a = 1\n\n\n# BEGIN SOLUTION\n@cache\ndef f():\n    return 1\n# END SOLUTION\n\n\nb = 2\n"
        "class C:\n    '''Doc.'''\n\n    # BEGIN SOLUTION: one method\n    def g(self): return 1\n"
        "    # END SOLUTION\n"
    )
    assert strip(source, PY) == (
        "a = 1\n\n\nb = 2\nclass C:\n    '''Doc.'''\n\n    # Write here: one method\n"
    )


def test_a_function_inside_a_function_is_part_of_its_body():
    source = (
        "def f():\n    # BEGIN SOLUTION\n    def g():\n        return 1\n    return g\n"
        "    # END SOLUTION\n"
    )
    assert "raise NotImplementedError" in strip(source, PY)


def test_cpp():
    source = (
        "#include <x>\n// BEGIN SOLUTION: a helper\nint h() { return 1; }\n// END SOLUTION\n"
        'int f() {\n  // BEGIN SOLUTION: see "h"\n  return h();\n  // END SOLUTION\n}\n'
    )
    assert strip(source, CPP) == (
        '#include <x>\n// Write here: a helper\nint f() {\n  #error "not written yet: see \\"h\\""\n}\n'
    )


def test_a_file_without_regions_stays_as_it_is():
    assert strip("x = 1\n\n\n\n", PY) == "x = 1\n\n\n\n"


def test_hints_and_lines_of_regions():
    (region,) = find_regions("#  BEGIN SOLUTION  two words \nx = 1\n# END SOLUTION", PY)
    assert (region.begin, region.end, region.hint, region.lines) == (1, 3, "two words", ("x = 1",))


BODY = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 2, "begins inside that of line 1"),
        ("x = 1\n# BEGIN SOLUTION\nx = 1\n", 2, "this region never ends"),
        (BODY + "# END SOLUTION\n", 5, "no region is open here"),
        ("# BEGIN SOLUTION\n\n# only words\n# END SOLUTION\n", 1, "this region is empty"),
        ("x = 1  # BEGIN SOLUTION\n", 1, "a marker stands alone on its line"),
        ("# begin solution\nx = 1\n# end solution\n", 1, "a marker stands alone on its line"),
        (BODY.replace("# END", "END"), 4, "a marker stands alone on its line"),
        (BODY + "x = '\0'", 1, "this is not valid Python"),
        (BODY + "def g(:\n", 5, "this is not valid Python"),
        ("def f():\n    '''Doc.'''\n    # BEGIN SOLUTION\n    return 1\n\ndef g():\n    return 2\n    # END SOLUTION\n", 3, "this region does not hold whole statements"),
        ("x = (\n# BEGIN SOLUTION\n    1\n# END SOLUTION\n)\n", 2, "does not hold whole statements"),
        ("class A:\n    # BEGIN SOLUTION\n    x = 1\n    # END SOLUTION\n", 2, "leave a docstring"),
        ("# BEGIN SOLUTION\nif x:\n    y = 1\n# END SOLUTION\nelse:\n    y = 2\n", 1, "does not hold whole statements"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(source, line, says):
    with pytest.raises(CourseError) as caught:
        strip(source, PY)
    assert str(caught.value).startswith(f"x.py:{line}: ")
    assert says in str(caught.value)

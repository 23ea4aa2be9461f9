"""Every mutation operator, and which candidates are taken first."""

import ast

import pytest

from autograder.verify.candidates import candidates, viable
from autograder.verify.operators import OPERATORS

HEAD = "def f(a, b, c):\n    # BEGIN SOLUTION\n"
TAIL = "    # END SOLUTION\n"


def wrap(body):
    return (HEAD + "".join(f"    {line}\n" for line in body.split("\n")) + TAIL).encode()


def mutants(body, operator):
    """Return what an operator makes of a body, in the order of the text."""
    files = {"a.py": wrap(body)}
    made = []
    for candidate, data in viable(candidates(files), files):
        if candidate.operator == operator:
            text = data.decode()
            assert text.startswith(HEAD)
            assert text.endswith(TAIL)
            ast.parse(text)
            inner = text.removeprefix(HEAD).removesuffix(TAIL)
            made.append("\n".join(line[4:] for line in inner.splitlines()))
    return sorted(made)


@pytest.mark.parametrize(
    ("operator", "body", "made"),
    [
        ("delete statement", "a = 1", ["pass"]),
        ("delete statement", "for x in a:\n    b(x)", ["for x in a:\n    pass", "pass"]),
        ("delete statement", "a: int", []),
        ("flip comparison", "a < b", ["a <= b"]),
        ("swap arguments", "np.maximum(a, b)", []),
        ("drop keyword", "zip(a, b, strict=True)", []),
        ("shift constant", "zip(a, b, strict=True)", []),
        ("shift constant", "@d(1)\ndef g(): a", []),
        ("flip comparison", "(a) >= (b)", ["(a) > (b)"]),
        ("flip comparison", "a == b != c", ["a != b != c", "a == b == c"]),
        ("flip comparison", "a is not b", ["a is b"]),
        ("flip comparison", "a in b", ["a not in b"]),
        ("swap arguments", "f(a, (b), c)", ["f(b, (a), c)"]),
        ("swap arguments", "f(a, *b)", []),
        ("swap operands", "a - b - c", ["b - a - c", "c - (a - b)"]),
        ("swap operands", "(a + b) / c", ["(c) / (a + b)"]),
        ("swap operands", "a * b", []),
        ("replace arithmetic", "a + b", ["a - b"]),
        ("replace arithmetic", "a ** b", ["a * b"]),
        ("replace arithmetic", "a //= b", ["a /= b"]),
        ("replace arithmetic", "(a) * (b)", ["(a) / (b)"]),
        ("shift constant", "a = 1", ["a = 0", "a = 2"]),
        ("shift constant", "a = True", ["a = False"]),
        ("shift constant", "a = 2.5", ["a = 5.0"]),
        ("shift constant", "a = 0.0", ["a = 1.0"]),
        ("shift constant", "a = 'text'", []),
        ("negate condition", "if a < b:\n    c()", ["if (not (a < b)):\n    c()"]),
        ("negate condition", "if a == b:\n    c()", []),
        ("negate condition", "while not a:\n    c()", []),
        ("negate condition", "a = b if c else 1", ["a = b if (not (c)) else 1"]),
        ("negate condition", "[x for x in a if x]", ["[x for x in a if (not (x))]"]),
        ("drop keyword", "f(a, x=1)", ["f(a)"]),
        ("drop keyword", "f(x=1, y=2)", ["f(x=1)", "f(y=2)"]),
        ("drop keyword", "f((a), x=(1))", ["f((a))"]),
        ("drop keyword", "f(\n    x=1,\n)", ["f(\n    )"]),
        ("drop keyword", "f(**a)", []),
        ("flip connective", "a and b and c", ["a and b or c", "a or b and c"]),
        ("drop sign", "a = -b", ["a = b"]),
        ("drop sign", "a = not (b)", ["a =  (b)"]),
        ("drop sign", "a = +b", []),
    ],
)
def test_an_operator(operator, body, made):
    assert mutants(body, operator) == made


def test_every_operator_is_tried_above():
    (mark,) = test_an_operator.pytestmark
    assert {case[0] for case in mark.args[1]} == set(OPERATORS)


def test_what_decides_nothing_is_left_alone():
    body = '"""Docstring."""\na: list[1 + 1]\nb = f"{c + 1}"'
    files = {"a.py": wrap(body)}
    assert {c.operator for c in candidates(files)} == {"delete statement"}


def test_only_regions_of_python_files_change():
    files = {"a.py": b"x = 1\n", "b.txt": wrap("x = 1"), "c.py": wrap("x = 1") + b"y = 1\n"}
    assert {(c.file, c.line) for c in candidates(files)} == {("c.py", 3)}


def test_places_are_told_in_bytes_and_line_ends_stay():
    data = wrap("s = 'é'; a = b - c").replace(b"\n", b"\r\n")
    files = {"a.py": data}
    made = {d for c, d in viable(candidates(files), files) if c.operator == "swap operands"}
    assert made == {data.replace(b"b - c", b"c - b")}


def test_a_mutant_is_another_program_and_none_comes_twice():
    files = {"a.py": wrap("f(a, a)\nb = 0")}
    made = list(viable(candidates(files), files))
    assert len({data for _, data in made}) == len(made)
    assert not any(c.operator == "swap arguments" for c, _ in made)
    assert len(mutants("a = not not b", "drop sign")) == 1  # either `not` makes the same program


def test_the_choice_is_stable_under_edits_elsewhere():
    def ranked(text):
        files = {"a.py": text}
        return [(c.change, c.operator) for c in candidates(files)]

    body = "d = a + 1\nif a < b:\n    return c(a, b)\nd = a + 1"
    before = ranked(wrap(body))
    other = b"\n\ndef g():\n    # BEGIN SOLUTION\n    return 5\n    # END SOLUTION\n"
    after = ranked(b"import os\n\n\n" + wrap(body) + other)
    assert [one for one in after if one[0][1] == "f"] == before
    assert len(after) > len(before)
    assert ranked(wrap(body)) == before


def test_a_candidate_names_its_function_and_lines():
    text = b"class A:\n    def g(self):\n        # BEGIN SOLUTION\n        return (self.x -\n"
    text += b"                1)\n        # END SOLUTION\n"
    files = {"a.py": text}
    (swap,) = (c for c in candidates(files) if c.operator == "swap operands")
    assert (swap.function, swap.line) == ("A.g", 4)
    assert (swap.before, swap.after) == ("return (self.x - 1)", "return (1 - self.x)")

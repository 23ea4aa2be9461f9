import pytest

from autograder.box import failure, wire


def caught(source, folder, name="mine.py"):
    """What is told of the exception that `source`, a handed-in file, ends with."""
    try:
        exec(compile(source, f"{folder}/{name}", "exec"), {"__name__": "mine"})
    except BaseException as error:
        return failure.describe(error, str(folder))
    raise AssertionError("it did not raise")


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("raise ValueError('x')", "crashed"),
        ("raise NotImplementedError", "missing"),
        ("raise MemoryError", "memory"),
        ('raise RuntimeError("[enforce fail] can\'t allocate memory: 8 bytes")', "memory"),
        ("import nowhere_to_be_found", "forbidden"),
        ("import nowhere_to_be_found.sub", "forbidden"),
        ("import mine.gone", "crashed"),
        ("raise ModuleNotFoundError('no name')", "crashed"),
        ("from os import nothing_such", "crashed"),
        ("raise SystemExit(0)", "crashed"),
        ("raise KeyboardInterrupt", "crashed"),
        ("raise BaseException", "crashed"),
        ("def f(): f()\nf()", "crashed"),
        ("1 +", "crashed"),
    ],
)
def test_the_outcome_follows_from_the_exception(tmp_path, source, outcome):
    (tmp_path / "mine.py").write_text("")
    source = f"exec(compile({source!r}, {str(tmp_path / 'mine.py')!r}, 'exec'))"
    assert caught(source, tmp_path)["outcome"] == outcome


def test_type_message_and_own_lines_are_told(tmp_path):
    told = caught("import json\n\n\ndef f():\n    json.loads('{')\n\n\nf()", tmp_path)
    assert (told["type"], told["module"]) == ("JSONDecodeError", "json.decoder")
    assert told["message"].startswith("Expecting property name")
    assert told["frames"] == [["mine.py", 8, "<module>"], ["mine.py", 5, "f"]]


def test_a_syntax_error_points_at_its_line(tmp_path):
    (tmp_path / "mine.py").write_text("x = 1\ny = = 2\n")
    try:
        compile((tmp_path / "mine.py").read_text(), str(tmp_path / "mine.py"), "exec")
    except SyntaxError as error:
        told = failure.describe(error, str(tmp_path))
    assert told["frames"] == [["mine.py", 2, "<module>"]]


def test_a_deep_recursion_tells_both_ends(tmp_path):
    frames = caught("def f(n):\n    f(n + 1)\n\n\nf(0)", tmp_path)["frames"]
    assert len(frames) <= 40
    assert frames[0] == ["mine.py", 5, "<module>"]


HOSTILE = {
    "str raises": "class E(Exception):\n def __str__(self): raise SystemExit\nraise E",
    "str is no str": "class E(Exception):\n def __str__(self): return 5\nraise E",
    "str is huge": "class E(Exception):\n def __str__(self): return 'x' * 10**7\nraise E",
    "half a surrogate": "raise ValueError('\\ud800' * 5000)",
    "class lies": "class E(Exception):\n __class__ = property(lambda self: int)\nraise E",
    "class raises": "class E(Exception):\n __class__ = property(lambda self: 1 / 0)\nraise E",
    "name raises": ("class E(ModuleNotFoundError):\n name = property(lambda self: 1 / 0)\nraise E"),
    "module is no str": "class E(Exception):\n __module__ = 5\nraise E",
    "name is huge": "raise type('E' * 10**6, (Exception,), {})",
    "name is odd": "raise type('<script>\\n\\x00', (Exception,), {})",
    "metaclass lies": (
        "class M(type):\n __name__ = property(lambda self: 1 / 0)\n"
        "class E(Exception, metaclass=M): pass\nraise E"
    ),
    "traceback lies": "class E(Exception):\n __traceback__ = 5\nraise E",
    "line is no number": ("class E(SyntaxError):\n lineno = 'x'\n filename = 'y'\nraise E"),
    "subclass of str": (
        "class S(str):\n def encode(self, *a, **k): raise SystemExit\n"
        "class E(Exception):\n def __str__(self): return S('x')\nraise E"
    ),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_exception_is_described_all_the_same(tmp_path, source):
    told = caught(source, tmp_path)
    assert told["outcome"] == "crashed"
    assert len(wire.encode(told)) < 10_000

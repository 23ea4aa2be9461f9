import sys

import pytest

from autograder.box import compiled


@pytest.fixture
def imports(monkeypatch, tmp_path):
    """Install what was gathered, and import a module; undone at the end."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.setattr(sys, "path_hooks", sys.path_hooks[:])
    monkeypatch.setattr(sys, "modules", sys.modules.copy())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def imports(gathered, name):
        compiled.install(str(tmp_path), gathered)
        return __import__(name, fromlist=["*"])

    return imports


def test_a_module_is_imported_as_it_was_compiled(tmp_path, imports):
    (tmp_path / "mine_pack").mkdir()
    (tmp_path / "mine_pack" / "__init__.py").write_text("from mine_pack.inner import value")
    (tmp_path / "mine_pack" / "inner.py").write_text("value = 'compiled'")
    gathered = compiled.gather(str(tmp_path))
    (tmp_path / "mine_pack" / "inner.py").write_text("value = 'read again'")
    module = imports(gathered, "mine_pack.inner")
    assert module.value == "compiled"
    assert module.__file__ == str(tmp_path / "mine_pack" / "inner.py")


def test_without_compiled_forms_the_sources_are_read(tmp_path, imports):
    (tmp_path / "mine_plain.py").write_text("value = 1")
    assert imports(b"", "mine_plain").value == 1


@pytest.mark.parametrize("source", [b"def f(:", b"\xff", b"x = '\0'", b"# coding: nonsense\n"])
def test_what_does_not_compile_fails_where_it_is_imported(tmp_path, imports, source):
    (tmp_path / "mine_bad.py").write_bytes(source)
    (tmp_path / "mine_good.py").write_text("value = 1")
    gathered = compiled.gather(str(tmp_path))
    with pytest.raises(SyntaxError):
        imports(gathered, "mine_bad")
    assert imports(gathered, "mine_good").value == 1

import ast
import sys
from pathlib import Path

import pytest

from autograder.box import distributions, layout
from autograder.errors import InfraError

BOX = Path(layout.__file__).parent


def _ours(module):
    """The modules of autograder.box that `module` imports, anywhere in its source."""
    for node in ast.walk(ast.parse((BOX / f"{module}.py").read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "autograder.box":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("autograder."):
                yield node.module.removeprefix("autograder.box.")
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("autograder"))


def test_the_box_holds_exactly_what_the_driver_imports():
    found, new = {"driver"}, {"driver"}
    while new:
        new = {name for module in new for name in _ours(module)} - found
        found |= new
    assert sorted(found) == sorted(layout.INSIDE)


def test_a_package_comes_with_what_it_requires_and_nothing_else():
    targets = {bind.target.removeprefix("/box/site/") for bind in layout.packages(("numba",))}
    tops = {target.split("/")[0].split("-")[0] for target in targets}
    assert {"numba", "llvmlite", "numpy"} <= tops
    assert not {"pytest", "rich", "typer", "autograder"} & tops


def test_no_package_means_nothing():
    assert layout.packages(()) == ()


def test_a_package_that_is_not_installed_is_ours_to_mend():
    with pytest.raises(InfraError, match="pip install no-such-package"):
        layout.packages(("no-such-package",))


def test_a_namespace_package_is_shared_by_part_only(tmp_path):
    (tmp_path / "nvidia" / "cublas").mkdir(parents=True)
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "__init__.py").touch()
    assert distributions._root(tmp_path, ("nvidia", "cublas", "lib.so")) == "nvidia/cublas"
    assert distributions._root(tmp_path, ("whole", "part", "a.py")) == "whole"
    assert distributions._root(tmp_path, ("single.py",)) == "single.py"


def test_what_is_private_is_covered(tmp_path, monkeypatch):
    home = tmp_path / "lib" / "home"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    binds = [layout.Bind(tmp_path / "lib", "/usr/lib"), layout.Bind(home, "/elsewhere")]
    assert layout.private_parts(binds) == ["/usr/lib/home"]
    monkeypatch.setenv("HOME", str(tmp_path / "away"))
    assert layout.private_parts(binds) == []


def test_what_others_cannot_read_cannot_be_shown(tmp_path):
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "closed").mkdir(mode=0o700)
    layout.check_readable([layout.Bind(tmp_path / "open", "/x")])
    with pytest.raises(InfraError, match=r"chmod -R o\+rX"):
        layout.check_readable([layout.Bind(tmp_path / "closed", "/x")])


def test_no_installed_packages_come_with_the_interpreter():
    python = layout.python()
    stdlib = next(b.target for b in python.binds if b.target.endswith(f"python{_version()}"))
    assert (
        f"{stdlib}/site-packages" in python.hidden
        or not (Path(_stdlib()) / "site-packages").is_dir()
    )


def test_an_interpreter_in_a_home_folder_is_shown_elsewhere(tmp_path, monkeypatch):
    home = tmp_path / "home" / "ada" / "python"
    (home / "lib" / f"python{_version()}" / "site-packages").mkdir(parents=True)
    (home / "lib" / "libpython3.so").touch()
    (home / "bin").mkdir()
    (home / "bin" / "python3").touch()
    monkeypatch.setattr(sys, "base_prefix", str(home))
    monkeypatch.setattr(sys, "_base_executable", str(home / "bin" / "python3"))
    monkeypatch.setattr(
        layout.sysconfig, "get_path", lambda name: str(home / "lib" / f"python{_version()}")
    )
    layout.python.cache_clear()
    try:
        python = layout.python()
    finally:
        layout.python.cache_clear()
    assert all(bind.target.startswith("/box/python/") for bind in python.binds)
    assert python.executable == "/box/python/bin/python3"
    assert python.hidden == (f"/box/python/lib/python{_version()}/site-packages",)


def _version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _stdlib():
    import sysconfig

    return sysconfig.get_path("stdlib")

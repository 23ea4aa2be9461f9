"""Building: mistakes at their lines, bounds, caches, and our own parts."""

import os
import subprocess
from pathlib import Path

import pytest

from labkit import npu
from labkit.npu import __main__ as command
from labkit.npu import compiling, toolchain
from labkit.npu.limits import Limits
from labkit.npu.source import gather

HEAD = '#include "kernel_operator.h"\nusing namespace AscendC;\n'
KERNEL = 'extern "C" __global__ __aicore__ void k(GM_ADDR x) {\n%s\n}\n'


def refused(text):
    with pytest.raises(npu.BuildError) as caught:
        npu.build(text)
    return caught.value


@pytest.mark.parametrize(
    ("body", "text", "code"),
    [
        ("int n = ;", "expected primary-expression", "COMPILER"),
        ("LocalTensor<bfloat16_t> a; Add(a, a, a, 16);", "bfloat16_t on 910B", "TYPE_UNSUPPORTED"),
        ("AscendC::MrgSort(1);", "MrgSort is not in the course subset", "CPP_UNSUPPORTED"),
    ],
)
def test_mistakes_are_told_at_the_students_lines(parts, body, text, code):
    error = refused(HEAD + KERNEL % body)
    (first, *_) = error.errors
    assert (first.file, first.line, first.code) == ("kernel.cpp", 4, code)
    assert text in first.message and str(error).startswith("kernel.cpp:4: ")


def test_a_mistake_in_a_header_of_a_folder(parts, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "part.h").write_text("\n\nint n = ;\n")
    (tmp_path / "k.asc").write_text('#include "sub/part.h"\n' + HEAD)
    with pytest.raises(npu.BuildError, match=r"^sub/part\.h:3: expected"):
        npu.build(tmp_path)


def test_what_is_declared_and_defined_nowhere(parts):
    error = refused("int f();\nint g() { return f(); }\n")
    assert "f() is declared, but defined in no file" in str(error)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("template <int N> struct T { T<N + 1> next; };\nT<0> t;\n", "source"),
        ("constexpr int f(int n) { return f(n + 1); }\nconstexpr int n = f(0);\n", "source"),
        ("constexpr int f() { for (;;) {} return 0; }\nconstexpr int n = f();\n", "source"),
        ("char big[200 << 20] = {1};\n", "size"),
        ('#include "kernel.cpp"\n', "source"),
    ],
)
def test_bombs_are_refused(parts, text, kind):
    assert refused(text + "\n").kind == kind


WIDE = """template <int N, int M> struct T {
  static constexpr int n = T<N - 1, 2 * M>::n + T<N - 1, 2 * M + 1>::n;
};
template <int M> struct T<0, M> { static constexpr int n = 1; };
int n = T<30, 0>::n;
"""


def test_a_bomb_takes_no_longer_than_it_may(parts, monkeypatch):
    monkeypatch.setattr(compiling, "LIMITS", Limits(wall=1.0))
    error = refused(WIDE)
    assert error.kind == "time" and "took too long" in str(error)


def test_a_bomb_takes_no_more_memory_than_it_may(parts, monkeypatch):
    monkeypatch.setattr(compiling, "LIMITS", Limits(wall=30.0, memory=120 << 20))
    error = refused(WIDE)
    assert error.kind == "memory"


def test_a_program_is_built_once(parts, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(toolchain.PLACE, raising=False)
    text = "int once;\n"
    first = compiling.compile_program(gather(text), runs_main=False)
    assert tmp_path in first.parents
    for folder in (first.parent, first.parent.parent):
        assert folder.stat().st_mode & 0o077 == 0
    compiling._built.clear()
    monkeypatch.setattr(compiling, "start", None)
    assert compiling.compile_program(gather(text), runs_main=False) == first


def test_nothing_is_kept_where_it_must_not_be(parts, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(compiling.CACHE, "off")
    compiling.compile_program(gather("int kept_nowhere;\n"), runs_main=False)
    assert not list(tmp_path.rglob("builds"))


def test_the_precompiled_header_is_used(parts, tmp_path):
    source = tmp_path / "k.cpp"
    source.write_text(HEAD + KERNEL % "")
    command = [parts.compiler.path, *parts.student_flags(True), "-H", "-fsyntax-only", str(source)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert told.startswith("! ") and told.split()[1].endswith("prefix.h.gch")


@pytest.fixture
def afresh():
    """Nothing is remembered of g++, before the test or after it."""
    for each in (toolchain.compiler, toolchain.toolchain):
        each.cache_clear()
    yield
    for each in (toolchain.compiler, toolchain.toolchain):
        each.cache_clear()


def test_a_machine_without_a_compiler(afresh, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(npu.ToolchainError, match=r"apt-get install g\+\+"):
        npu.build("int n;\n")


@pytest.mark.parametrize("version", ["g++ (Debian 10.2.1-6) 10.2.1 20210110", "clang", ""])
def test_a_compiler_that_will_not_do(afresh, monkeypatch, tmp_path, version):
    fake = tmp_path / "g++"
    fake.write_text(f'#!/bin/sh\necho "{version}"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(npu.ToolchainError, match=r"g\+\+ 12 or newer is needed"):
        npu.build("int n;\n")


def test_the_include_folder_is_told(capsys):
    assert command.main(["include"]) == 0
    assert (Path(capsys.readouterr().out.strip()) / "kernel_operator.h").is_file()
    assert command.main([]) == 2


def test_parts_of_another_version_are_refused(afresh, monkeypatch, tmp_path):
    (tmp_path / "digest").write_text("another")
    monkeypatch.setenv(toolchain.PLACE, str(tmp_path))
    with pytest.raises(npu.ToolchainError, match="build-toolchain"):
        npu.build("int n;\n")


def test_parts_of_old_versions_go(tmp_path):
    for number in range(6):
        (tmp_path / f"v{number}").mkdir()
        (tmp_path / f"v{number}" / "digest").write_text("")
        os.utime(tmp_path / f"v{number}", (number, number))
    (tmp_path / "builds").mkdir()
    toolchain.forget(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"v2", "v3", "v4", "v5", "builds"}


def test_parts_that_a_process_may_be_using_stay(tmp_path):
    for number in range(6):
        (tmp_path / f"v{number}").mkdir()
        (tmp_path / f"v{number}" / "digest").write_text("")
    toolchain.forget(tmp_path)
    assert len(list(tmp_path.iterdir())) == 6


def test_a_path_to_nothing():
    with pytest.raises(FileNotFoundError):
        npu.build("missing.cpp")
    with pytest.raises(ValueError, match="910B1, 910B2"):
        npu.build("int n;\n", soc="H100")


@pytest.mark.parametrize("name", ["-specs=k.cpp", "@k.cpp"])
def test_the_name_of_a_file_is_no_option(parts, tmp_path, name):
    """g++ would read its options, a command of the student's among them, from the file k.cpp."""
    (tmp_path / "k.cpp").write_text("// -wrapper nothing\n")
    (tmp_path / name).write_text("int here() { return no; }\n")
    with pytest.raises(npu.BuildError) as caught:
        npu.build(tmp_path)
    assert [(one.file, one.line) for one in caught.value.errors] == [(name, 1)]


def test_all_units_together_take_no_longer_than_one_may(parts, tmp_path, monkeypatch):
    ends = []
    monkeypatch.setattr(compiling, "_run", lambda *given: ends.append(given[-1]))
    monkeypatch.setattr(compiling, "_kept", lambda _: None)
    for name in ("a.cpp", "b.cpp"):
        (tmp_path / name).write_text(f"int {name[0]};\n")
    npu.build(tmp_path)
    assert len(ends) == 3 and len(set(ends)) == 1


def test_a_cache_that_others_write_to_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = toolchain.cache_folder()
    folder.chmod(0o777)
    with pytest.raises(npu.ToolchainError, match="not yours alone"):
        toolchain.cache_folder()


def test_a_cache_that_cannot_be_made_is_told_of(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(npu.ToolchainError, match="set XDG_CACHE_HOME"):
        toolchain.cache_folder()

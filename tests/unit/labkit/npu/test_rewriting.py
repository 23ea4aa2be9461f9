"""Ascend C as C++ that g++ takes, each line where it was."""

import pytest

from labkit.npu import BuildError
from labkit.npu.rewriting import rewrite
from labkit.npu.source import Program, gather


def program(text, **more):
    files = {"k.cpp": text} | {name.replace("_h", ".h"): value for name, value in more.items()}
    return Program(files, ("k.cpp",))


def rewritten(text, runs_main=False, **more):
    return rewrite(program(text, **more), runs_main=runs_main)["k.cpp"]


@pytest.mark.parametrize(
    ("launch", "expected"),
    [
        ("k<<<8, nullptr, s>>>(x, y);", '::npu::launcher(k, 8, nullptr, s, "k")(x, y);'),
        ("k<<<n >> 1, 0, s>>>(x);", '::npu::launcher(k, n >> 1, 0, s, "k")(x);'),
        ("k<float, 2><<<8, 0, s>>>(x);", '::npu::launcher(k<float, 2>, 8, 0, s, "k<float,2>")(x);'),
        (
            "k<A<B<int>>><<<8, 0, s>>>(x);",
            '::npu::launcher(k<A<B<int>>>, 8, 0, s, "k<A<B<int>>>")(x);',
        ),
        ("ns::k<<<f(a, b), 0, s>>>(x);", '::npu::launcher(ns::k, f(a, b), 0, s, "ns::k")(x);'),
        ("::k<<<8, 0, s>>>(x);", '::npu::launcher(::k, 8, 0, s, "::k")(x);'),
        ('p("k<<<8>>>");  // k<<<8>>>(x)', 'p("k<<<8>>>");  // k<<<8>>>(x)'),
        ("A<B<C<int>>> x;", "A<B<C<int>>> x;"),
    ],
)
def test_launches(launch, expected):
    assert expected in rewritten(f"void host() {{\n{launch}\n}}\n")


@pytest.mark.parametrize(
    "broken",
    [
        "<<<8, 0, s>>>(x);",
        "k<<<8>>>(x);",
        "k<<<8, 0, s;",
        "k<<<8, 0, s>>>;",
        "(k)<<<8, 0, s>>>(x);",
    ],
)
def test_what_is_no_launch_is_told_with_its_line(broken):
    with pytest.raises(BuildError, match=r"^k\.cpp:2: this is no launch"):
        rewritten(f"void host() {{\n{broken}\n}}\n")


def test_lines_stay_where_they_are():
    text = "a\nk<<<1,\n  nullptr,\n  s>>>(x);\nb\n"
    assert rewritten(text).splitlines()[4] == "b"


KERNEL = 'extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR tiling) {'


def test_tiling_data_is_of_the_only_struct_that_can_be_meant():
    text = f"struct AddTilingData {{}};\n{KERNEL} GET_TILING_DATA(t, tiling); }}"
    assert "GET_TILING_DATA_WITH_STRUCT(AddTilingData, t, tiling);" in rewritten(text)
    header = {"tiling_h": "struct AddTilingData {};"}
    text = f'#include "tiling.h"\n{KERNEL} GET_TILING_DATA(t, tiling); }}'
    assert "GET_TILING_DATA_WITH_STRUCT(AddTilingData, t, tiling);" in rewritten(text, **header)


@pytest.mark.parametrize(
    "before",
    [
        "struct AddTilingData {}; struct SubTilingData {};",
        "struct AddTilingData {}; REGISTER_TILING_DEFAULT(AddTilingData);",
        "struct AddTilingData {};\n#define GET_TILING_DATA(t, p) AddTilingData t;",
        "BEGIN_TILING_DATA_DEF(AddTilingData) END_TILING_DATA_DEF;",
        "",
    ],
)
def test_tiling_data_stays_where_the_source_says_which(before):
    assert "_WITH_STRUCT" not in rewritten(f"{before}\n{KERNEL} GET_TILING_DATA(t, tiling); }}")


def test_kernels_and_run_kernel_can_be_called_from_outside():
    end = rewritten(
        f"{KERNEL} }}\ntemplate <class T> __global__ __aicore__ void any(GM_ADDR x) {{}}\n"
        'extern "C" void run_kernel(GM_ADDR x, void* stream) {}\n'
    ).splitlines()[-5:]
    assert end == [
        '#line 1 "<npu>"',
        '#include "npu/entry.h"',
        "NPU_EXPORT_KERNEL(add)",
        "NPU_EXPORT_HOST(run_kernel)",
        "NPU_MAIN",
    ]


def test_a_main_runs_or_steps_aside():
    text = f"{KERNEL} }}\nint main() {{ return 0; }}\n"
    assert rewritten(text, runs_main=True) == text
    assert "int npu_unused_main() { return 0; }" in rewritten(text)


def test_each_kernel_is_told_of_once():
    files = {
        "a.cpp": '#include "k.h"\n',
        "b.cpp": f'#include "k.h"\n{KERNEL.replace("add", "sub")} }}\n',
        "k.h": f"{KERNEL} }}\n",
    }
    made = rewrite(Program(files, ("a.cpp", "b.cpp")), runs_main=False)
    assert made["a.cpp"].count("NPU_EXPORT_KERNEL(add)") == 1 and "NPU_MAIN" in made["a.cpp"]
    assert "EXPORT_KERNEL(add)" not in made["b.cpp"] and "NPU_EXPORT_KERNEL(sub)" in made["b.cpp"]
    assert "NPU_MAIN" not in made["b.cpp"]


def test_a_header_is_made_for_each_kernels_launch():
    made = rewrite(program(f"{KERNEL} }}"), runs_main=True)["aclrtlaunch_add.h"]
    assert 'extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR tiling);' in made
    assert '#include "ascendc/types.h"' in made  # a host's file may include nothing else


def test_a_unit_that_another_includes_is_compiled_there(tmp_path):
    (tmp_path / "main.asc").write_text('#include "kernel.asc"\n')
    (tmp_path / "kernel.asc").write_text("\n")
    assert gather(tmp_path).units == ("main.asc",)
    (tmp_path / "kernel.asc").write_text('#include "main.asc"\n')
    assert gather(tmp_path).units == ("kernel.asc", "main.asc")


def test_a_folder_is_gathered_with_the_headers_it_includes(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.cpp").write_text('#include "sub/a.h"\n')
    (tmp_path / "kernel.asc").write_text('#include "missing.h"\n#include <vector>\n')
    (tmp_path / "sub" / "a.h").write_text('#include "../b.h"\n')
    (tmp_path / "b.h").write_text("")
    (tmp_path / "unused.h").write_text("")
    found = gather(tmp_path)
    assert found.units == ("kernel.asc", "main.cpp")
    assert set(found.files) == {"kernel.asc", "main.cpp", "sub/a.h", "b.h"}


def test_a_header_outside_the_folder_is_not_read(tmp_path):
    (tmp_path / "secret.h").write_text("")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link.h").symlink_to(tmp_path / "secret.h")
    (inside / "k.cpp").write_text('#include "../secret.h"\n#include "link.h"\n')
    assert set(gather(inside / "k.cpp").files) == {"k.cpp"}


def test_comments_in_gbk_are_read_and_what_is_no_text_is_not(tmp_path):
    path = tmp_path / "k.cpp"
    path.write_bytes("int a;  // 总长度\n".encode("gbk"))
    assert gather(path).files == {"k.cpp": "int a;  // 总长度\n"}
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BuildError, match="no UTF-8 text"):
        gather(path)


def test_a_text_without_a_file_and_what_is_too_large():
    assert gather("int a;\n").units == ("kernel.cpp",)
    with pytest.raises(BuildError) as caught:
        gather("x\n" * (3 << 20))
    assert caught.value.kind == "size"

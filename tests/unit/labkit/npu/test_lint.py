"""What the vendor's compiler refuses, told with file and line before g++ is asked."""

import pytest

from labkit.npu import BuildError
from labkit.npu.lint import check
from labkit.npu.source import Program


def mistakes(text, **headers):
    files = {"k.cpp": text} | {f"{name}.h": value for name, value in headers.items()}
    try:
        check(Program(files, ("k.cpp",)))
    except BuildError as error:
        assert error.kind == "subset"
        assert all(each.code == "CPP_UNSUPPORTED" for each in error.errors)
        return [(each.line, each.message) for each in error.errors]
    return []


def device(body, before=""):
    return f'{before}\nextern "C" __global__ __aicore__ void k(GM_ADDR x) {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("int* p = new int[4];", "new"),
        ("delete p;", "delete"),
        ("void* p = malloc(4);", "malloc"),
        ("std::vector<int> v;", "std::vector"),
        ("vector<int> v;", "std::vector"),
        ("auto m = std::max(1, 2);", "std::max"),
        ("try { f(); } catch (...) {}", "an exception"),
        ("throw 1;", "an exception"),
        ("auto* d = dynamic_cast<A*>(p);", "dynamic_cast"),
        ("auto& t = typeid(p);", "typeid"),
        ('std::cout << "x";', "std::cout"),
        ("cout << 1;", "std::cout"),
    ],
)
def test_device_code_does_without(body, what):
    assert (3, f"{what} is not available in device code") in mistakes(device(body))


@pytest.mark.parametrize(
    "body",
    [
        "static_assert(std::is_same<int, int>::value); std::numeric_limits<float>::max();",
        "op.map = 1; q.list<int>(); int vector = 1;",
        'printf("new delete malloc std::vector");  // throw',
        "a < b; x.template Alloc<float>();",
    ],
)
def test_device_code_does_with(body):
    assert mistakes(device(body)) == []


def test_kernels_for_the_cube_are_refused():
    text = "__global__ __cube__ void k(GM_ADDR x) {}\n"
    assert (1, "a kernel for the Cube alone is not in the course subset") in mistakes(text)


def test_a_class_of_the_kernel_has_no_virtual_functions_nor_containers():
    text = "class K {\n__aicore__ void F() {}\nvirtual void G() = 0;\nstd::map<int, int> m;\n};\n"
    assert [line for line, _ in mistakes(text)] == [3, 4]
    assert mistakes(text.replace("__aicore__", "")) == []


def test_a_deleted_function_allocates_nothing():
    assert mistakes("class K { K(const K&) = delete; __aicore__ void F() {} };") == []


def test_host_code_may_use_the_library():
    text = (
        "#include <vector>\n#include <iostream>\nint main() { std::vector<int> v; delete new int; }"
    )
    assert mistakes(text) == []


def test_what_a_kernel_calls_is_device_code():
    text = "int f() {\nreturn *new int;\n}\n" + device("f();")
    assert mistakes(text) == [
        (2, "new is not available in device code"),
        (6, "f is called on the NPU: it must be an __aicore__ function"),
    ]


def test_a_mark_may_come_by_a_macro():
    text = "#define DEVICE __aicore__ inline\nDEVICE int f() { return 1; }\n" + device("f();")
    assert mistakes(text) == []


def test_recursion():
    text = "__aicore__ int f(int n) {\nreturn n ? f(n - 1) : 0;\n}\n"
    assert mistakes(text) == [(2, "f calls itself: device code has no recursion")]
    text = "__aicore__ int f(int);\n__aicore__ int g(int n) {\nreturn f(n); }\n"
    text += "__aicore__ int f(int n) {\nreturn g(n); }\n"
    assert [line for line, _ in mistakes(text)] == [3, 5]
    text = "class K { __aicore__ void F() {\nthis->F(); } };"
    assert mistakes(text) == [(2, "F calls itself: device code has no recursion")]


@pytest.mark.parametrize(
    "text",
    [
        "__aicore__ void f(int a, int b) { }\n__aicore__ void f(int a) { f(a, 1); }\n",
        "class K { __aicore__ void Init() { other.Init(); pipe->Init(); } };",
        "class A { __aicore__ void Run() { } }; class B { __aicore__ void Run() { A::Run(); } };",
        "template <int N> __aicore__ void f() { f<N - 1>(); }",
        "__aicore__ void Add(int a) { AscendC::Add(a); }",
    ],
)
def test_no_recursion(text):
    assert mistakes(text) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('asm volatile("nop");', "inline assembly is not in the course subset"),
        ('__asm__("nop");', "inline assembly is not in the course subset"),
        ("__attribute__((constructor)) void f();", "__attribute__ is not in the course subset"),
        ("__attribute__((packed, weak)) int a;", "__attribute__ is not in the course subset"),
        ("#pragma GCC optimize(3)", "#pragma GCC is not in the course subset"),
        ("#define RUN asm", "inline assembly is not in the course subset"),
        ("#line 3", "#line is not in the course subset"),
        ("#include </etc/passwd>", '#include "/etc/passwd" leaves the program\'s folder'),
        ('#include "/etc/passwd"', '#include "/etc/passwd" leaves the program\'s folder'),
        ('#include "../secret.h"', '#include "../secret.h" leaves the program\'s folder'),
        ("#include <sys/ptrace.h>", "#include <sys/ptrace.h> is not in the course subset"),
        ('#include "sys/ptrace.h"', '#include "sys/ptrace.h" is not in the course subset'),
        ('#include "npu/core.h"', '#include "npu/core.h" is not in the course subset'),
        ('#include "ascendc/pipe.h"', '#include "ascendc/pipe.h" is not in the course subset'),
        ("#include NAME", "an #include by macro is not in the course subset"),
        ("#include_next <vector>", "#include_next is not in the course subset"),
        ("#if __has_include(<x>)", "__has_include is not in the course subset"),
        ("npu::issue(i);", "npu is a name of the virtual NPU itself, and not for kernels"),
        ("NPU_MAIN", "NPU_MAIN is a name of the virtual NPU itself, and not for kernels"),
        ("AscendC::detail::f();", "AscendC::detail is not for kernels"),
        ("int a<:3:>;", "<:: write the character that it stands for"),
        ("a\\\nsm", "a backslash stands outside of a text"),
        ('char a[] = R\\\n"(" /* )"; asm(""); /**/', "a backslash stands outside of a text"),
        ('# 1 "other.cpp"', "#line is not in the course subset"),
    ],
)
def test_nowhere(line, message):
    assert (2, message) in mistakes(f"// first\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "#pragma once",
        "#pragma unroll 4",
        "int a = 1 + \\\n  2;",
        "int a[] = {1,\\\n  2};",
        "#pragma pack(push, 1)",
        "inline __attribute__((always_inline)) int f() { return 1; }",
        "#pragma pack(push, 8)",
        "__attribute__((always_inline)) inline __aicore__ void f();",
        "struct __attribute__((__packed__, aligned(8))) Tiling { int n; };",
        "#include <cstdio>",
        '#include "kernel_operator.h"',
        "#include <kernel_operator.h>",
        '#include "acl/acl.h"',
        '#include "tiling.h"',
        "#define CHECK(x) \\\n  do { x; } while (0)",
        'const char* text = "asm npu:: \\"";',
        "int npu = 1;",
    ],
)
def test_everywhere(line):
    assert mistakes(f"{line}\n", tiling="") == []


def test_all_is_told_at_once_in_order():
    found = mistakes("#pragma GCC poison f\n" + device("throw 1;\nnew int;"), tiling="asm")
    assert [line for line, _ in found] == [1, 4, 5, 1]


def test_functions_without_end_are_too_many():
    """Each is looked for in all others."""
    text = "".join(f"void f{n}() {{}}\n" for n in range(2001))
    with pytest.raises(BuildError, match="more than 2000 functions") as caught:
        check(Program({"k.cpp": text}, ("k.cpp",)))
    assert caught.value.kind == "size"

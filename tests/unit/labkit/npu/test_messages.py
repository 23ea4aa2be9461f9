"""What g++ says, told at the student's own lines."""

import pytest

from labkit.npu.messages import mistakes

OURS = "/somewhere/include/ascendc/vector_binary.h"


def told(said, files=("k.cpp", "sub/tiling.h")):
    return [(each.file, each.line, each.message, each.code) for each in mistakes(said, files)]


def test_an_error_in_the_students_file():
    said = "k.cpp: In function 'void f()':\nk.cpp:3:25: error: 'x' is not a member of 'std'\n"
    assert told(said) == [("k.cpp", 3, "'x' is not a member of 'std'", "COMPILER")]


def test_an_error_in_a_header_of_the_student_reached_through_the_root():
    said = "In file included from k.cpp:1:\n./sub/tiling.h:2:1: error: expected ';'\n"
    assert told(said) == [("sub/tiling.h", 2, "expected ';'", "COMPILER")]


def test_an_error_in_our_header_is_told_where_it_was_asked_for():
    said = f"""In file included from /somewhere/include/kernel_operator.h:9,
                 from k.cpp:1:
{OURS}: In instantiation of 'void AscendC::Checked() [with T = bfloat16_t]':
{OURS}:40:12:   required from 'void AscendC::Add(...) [with T = bfloat16_t]'
k.cpp:31:12:   required from 'void Kernel<T>::Compute() [with T = bfloat16_t]'
k.cpp:52:9:   required from here
{OURS}:12:20: error: static assertion failed: Add does not support bfloat16_t on 910B
{OURS}:12:20: note: 'false' evaluates to false
k.cpp:60:1: error: expected '}}' at end of input
"""
    assert told(said) == [
        ("k.cpp", 31, "Add does not support bfloat16_t on 910B", "TYPE_UNSUPPORTED"),
        ("k.cpp", 60, "expected '}' at end of input", "COMPILER"),
    ]


def test_an_error_in_our_header_without_a_template_is_told_at_the_include():
    said = f"In file included from k.cpp:7:\n{OURS}:1:1: error: something\n"
    assert told(said) == [("k.cpp", 7, "something", "COMPILER")]


def test_what_is_no_part_of_the_subset():
    said = "k.cpp:3:9: error: 'Sort' is not a member of 'AscendC'\n"
    assert told(said) == [("k.cpp", 3, "Sort is not in the course subset", "CPP_UNSUPPORTED")]
    said = "k.cpp:3:9: error: static assertion failed: Sort is not in the course subset\n"
    assert told(said) == [("k.cpp", 3, "Sort is not in the course subset", "CPP_UNSUPPORTED")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'FOO' is not a member of 'AscendC::TPosition'", "TPosition::FOO is {}"),
        (
            "'DataCopi' is not a member of 'AscendC'; did you mean 'DataCopy'?",
            "DataCopi is {}; did you mean 'DataCopy'?",
        ),
        (
            "'class AscendC::TQue<AscendC::TPosition::VECIN, 1>' has no member named 'Peek'",
            "TQue::Peek is {}",
        ),
        ("'AscendC::Simt' has not been declared", "Simt is {}"),
    ],
)
def test_members_and_namespaces_are_part_of_the_subset_or_not(text, message):
    (only,) = told(f"k.cpp:3:9: error: {text}\n")
    assert only == ("k.cpp", 3, message.format("not in the course subset"), "CPP_UNSUPPORTED")


def test_words_that_students_did_not_write():
    said = (
        "k.cpp:3:9: error: no matching function for call to 'f(LocalTensor<_Float16>&)'\n"
        "k.cpp:4:9: error: 'DTYPE_X' was not declared in this scope\n"
    )
    (_, _, call, _), (_, _, dtype, _) = told(said)
    assert call.endswith("'f(LocalTensor<half>&)'")
    assert dtype.startswith("DTYPE_X is made by the vendor's operator build")


def test_an_error_is_told_once():
    assert len(told("k.cpp:3:9: error: x\nk.cpp:3:12: error: x\n")) == 1


def test_what_follows_from_the_students_error_is_left_out():
    said = f"k.cpp:3:1: error: 'x' does not name a type\n{OURS}:9:1: error: 'y' is not declared\n"
    assert told(said) == [("k.cpp", 3, "'x' does not name a type", "COMPILER")]


def test_a_bracket_that_is_never_closed_is_told_where_it_opens():
    said = (
        f"{OURS}:9:1: error: 'namespace' definition is not allowed here\n"
        "<npu>:4:9: error: expected '}' at end of input\n"
        "k.cpp:2:51: note: to match this '{'\n"
    )
    assert told(said) == [("k.cpp", 2, "this { is never closed", "COMPILER")]


def test_what_the_linker_misses():
    said = (
        "/usr/bin/ld: 0.o: in function `main':\nk.cpp:(.text+0x5): undefined reference to `f()'\n"
    )
    assert told(said) == [("", 0, "f() is declared, but defined in no file", "COMPILER")]


def test_a_program_without_a_main():
    said = "ld: crt1.o: in function `_start':\n(.text+0x1b): undefined reference to `main'\n"
    ((_, _, message, _),) = told(said)
    assert message.startswith("the program has no main")


def test_warnings_and_notes_are_no_errors():
    assert told("k.cpp:3:9: warning: unused\nk.cpp:3:9: note: here\n") == []

"""C++ as tokens, and what a source declares."""

from labkit.npu.scan import directive, split, tokens
from labkit.npu.structure import read


def texts(source):
    return [token.text for token in tokens(source)]


def test_comments_and_texts_hold_no_tokens():
    assert texts("a // b <<< c\n/* d\n e */ f") == ["a", "f"]
    assert texts("a // b \\\n still a comment\nc") == ["a", "c"]
    assert texts('x = "a // b" + \'"\';') == ["x", "=", '"a // b"', "+", "'\"'", ";"]


def test_a_raw_text_ends_at_its_own_mark():
    source = 'R"x(asm ")" )x" + b'
    assert texts(source) == ['R"x(asm ")" )x"', "+", "b"]


def test_lines_are_counted_through_comments_texts_and_splices():
    source = '/* 1\n2 */ a\nR"(3\n4)" b \\\n c\n'
    assert [(token.text, token.line) for token in tokens(source) if token.kind == "name"] == [
        ("a", 2),
        ("b", 4),
        ("c", 5),
    ]


def test_a_directive_is_one_token_with_its_continued_lines():
    first, second = tokens("#define A(x) \\\n  x + 1 // no\nb")
    assert (first.kind, first.line, second.text, second.line) == ("directive", 1, "b", 3)
    assert [token.text for token in directive(first)][:2] == ["define", "A"]


def test_a_splice_within_a_directives_word_is_undone():
    (token,) = tokens("#pra\\\ngma GCC poison")
    assert directive(token)[0].text == "pragma"


def test_an_apostrophe_in_a_number_opens_nothing():
    assert texts("a = 1'000'000; b") == ["a", "=", "1'000'000", ";", "b"]


def test_split_leaves_brackets_whole():
    parts = split(tokens("a, f(b, c), {d, e}"))
    assert [len(part) for part in parts] == [1, 6, 5]
    assert split([]) == []


def test_no_text_is_too_broken():
    for source in ("", '"', "'", "/*", 'R"(', "((((", "}}}}", "template <", "class", "#", "\\"):
        read(source)


def test_brackets_without_end_are_read_in_a_moment():
    """With a look ahead at each of them, this takes many minutes."""
    assert not read("namespace {" * 50000).functions


KERNELS = """
namespace tools { inline __aicore__ int Half(int n = f({1, 2})) { return n / 2; } }
template <typename T, int N = (3 > 2)>
class Kernel : public Base<T> {
public:
    __aicore__ inline Kernel() : count{1}, pipe(nullptr) { Reset(); }
    __aicore__ inline T operator()(int i) { return i; }
private:
    int table[2] = {1, 2};
    __aicore__ inline void Reset();
};
template <typename T, int N> __aicore__ inline void Kernel<T, N>::Reset() { count = 0; }
extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y) { Kernel<half> k; }
REGISTER_TILING_DATA_CLASS(Sub, SubTilingData)
extern "C" { __global__ __mix__(0, 1) __schedmode__(1) void sub(GM_ADDR x) {} }
REGISTER_TILING_DEFAULT(AddTilingData)
template <typename T> __global__ __aicore__ void any(GM_ADDR x) {}
struct AddTilingData { int n; };
enum class Mode { one, two };
static const int sizes[] = {1, 2};
int main() { return 0; }
"""


def test_functions_are_found_with_their_classes_and_bodies():
    found = {(one.owner, one.name): one for one in read(KERNELS).functions}
    assert set(found) == {
        ("", "Half"),
        ("Kernel", "Kernel"),
        ("Kernel", "operator"),
        ("Kernel", "Reset"),
        ("", "add"),
        ("", "sub"),
        ("", "any"),
        ("", "main"),
    }
    assert found["", "Half"].space == ("tools",)
    assert found["Kernel", "Reset"].line == 12


def test_kernels_are_what_a_host_launches():
    kernels = {one.name: one.template for one in read(KERNELS).functions if one.kernel}
    assert kernels == {"add": False, "sub": False, "any": True}


def test_classes_are_found_and_enumerations_are_none():
    assert set(read(KERNELS).classes) == {"Kernel", "AddTilingData"}

"""What a program may include, and what its other preprocessor lines may say."""

from collections.abc import Iterator
from functools import cache

from labkit.npu.chips import INCLUDE
from labkit.npu.errors import Mistake
from labkit.npu.messages import SUBSET
from labkit.npu.scan import Token, directive
from labkit.npu.source import Program, included, local

_OURS = ("npu", "ascendc")  # folders of the include folder that are not public
_HOST = """
algorithm any array atomic bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes
climits clocale cmath complex condition_variable csignal cstdarg cstddef cstdint cstdio cstdlib
cstring ctime deque exception filesystem forward_list fstream functional future initializer_list
iomanip ios iosfwd iostream istream iterator limits list map memory mutex new numeric optional
ostream queue random ratio regex set sstream stack stdexcept streambuf string string_view
system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility
valarray variant vector
assert.h ctype.h errno.h fenv.h float.h inttypes.h limits.h math.h stdarg.h stdbool.h stddef.h
stdint.h stdio.h stdlib.h string.h time.h dirent.h fcntl.h getopt.h unistd.h sys/stat.h sys/time.h
sys/types.h
"""
_LIBRARY = frozenset(_HOST.split())
_PRAGMAS = {"once", "unroll", "pack", "message"}
_REFUSED = {"include_next", "import", "line", "embed", "assert", "unassert", "ident"}


@cache
def _public() -> frozenset[str]:
    """Return the headers of the virtual NPU that a program may include."""
    found = (path.relative_to(INCLUDE) for path in INCLUDE.rglob("*.h"))
    return frozenset(path.as_posix() for path in found if path.parts[0] not in _OURS)


def check_directive(program: Program, file: str, token: Token) -> Iterator[Mistake]:
    """Tell what is wrong with one preprocessor line."""
    words = directive(token)
    name = words[0].text if words else ""
    if any(word.text in ("__has_include", "__has_include_next") for word in words):
        yield _mistake(file, token, "__has_include")
    if words and words[0].kind == "number":  # as a preprocessor writes it
        yield _mistake(file, token, "#line")
    if name in _REFUSED or token.text.startswith("%:"):
        yield _mistake(file, token, f"#{name}")
    elif name == "pragma" and (len(words) < 2 or words[1].text not in _PRAGMAS):
        yield _mistake(file, token, f"#pragma {words[1].text if len(words) > 1 else ''}".strip())
    elif name == "include":
        yield from _check_include(program, file, token)


def _check_include(program: Program, file: str, token: Token) -> Iterator[Mistake]:
    named = included(token)
    path = named[1:-1]
    if not named:
        yield _mistake(file, token, "an #include by macro")
    elif path.startswith(("/", "\\")) or local(file, path).startswith(".."):
        text = f'#include "{path}" leaves the program\'s folder'
        yield Mistake(file, token.line, text, SUBSET)
    elif not (named[0] == '"' and local(file, path) in program.files) and not _known(program, path):
        yield _mistake(file, token, f"#include {named}")


def _known(program: Program, path: str) -> bool:
    kernels = {f"aclrtlaunch_{kernel.name}.h" for _, kernel in program.kernels}
    return path in _LIBRARY or path in _public() or path in program.files or path in kernels


def _mistake(file: str, token: Token, what: str) -> Mistake:
    return Mistake(file, token.line, f"{what} is not in the course subset", SUBSET)

"""What C++ a kernel does without."""

import re
from collections.abc import Iterable, Iterator, Sequence

from labkit.npu.calls import Place
from labkit.npu.errors import Mistake
from labkit.npu.messages import SUBSET
from labkit.npu.scan import Token
from labkit.npu.source import Program

_WORDS = {
    "new": "new",
    "delete": "delete",
    "virtual": "virtual",
    "throw": "an exception",
    "try": "an exception",
    "catch": "an exception",
    "dynamic_cast": "dynamic_cast",
    "typeid": "typeid",
    "thread_local": "thread_local",
}
_CALLS = {"malloc", "calloc", "realloc", "free", "alloca", "fopen", "fread", "fwrite", "exit"}
_STREAMS = {"cout", "cerr", "clog", "endl"}
_CONTAINERS = {"vector", "map", "set", "list", "deque", "unordered_map", "unordered_set", "array"}
_CONTAINERS |= {"tuple", "pair", "function", "optional", "variant", "unique_ptr", "shared_ptr"}
_COMPILE_TIME = re.compile(  # of std: what has no code
    r"is_\w+|remove_\w+|add_\w+|make_(un)?signed(_t)?|enable_if(_t)?|conditional(_t)?|decay(_t)?|"
    r"integral_constant|bool_constant|true_type|false_type|void_t|common_type(_t)?|declval|"
    r"underlying_type(_t)?|(make_)?(index|integer)_sequence|numeric_limits|move|forward|"
    r"size_t|ptrdiff_t|nullptr_t|u?int(_fast|_least)?\d+_t|u?intptr_t"
)


def check_device(program: Program, places: Sequence[Place]) -> Iterator[Mistake]:
    """Tell of what the functions at `places` use and no kernel may, and of their classes."""
    for place in places:
        code = program.structures[place.file].code
        yield from _of(place.file, code, [*place.function.head, *place.function.body])
    for file, structure in program.structures.items():
        bodies = {at for each in structure.functions for at in [*each.head, *each.body]}
        for owner in {place.function.owner for place in places if place.file == file}:
            members = [at for at in structure.classes.get(owner, ()) if at not in bodies]
            yield from _of(file, structure.code, members)


def _of(file: str, code: list[Token], places: Iterable[int]) -> Iterator[Mistake]:
    for at in places:
        what = _forbidden(code, at)
        if what is not None:
            text = f"{what} is not available in device code"
            yield Mistake(file, code[at].line, text, SUBSET)


def _forbidden(code: list[Token], at: int) -> str | None:
    """Return the name of what stands at `at` that device code does without, or None."""
    token = code[at]
    before = code[at - 1].text if at else ""
    after = code[at + 1].text if at + 1 < len(code) else ""
    if token.kind != "name" or before in (".", "->"):
        return None
    if token.text == "std" and after == "::":
        name = code[at + 2].text
        return None if _COMPILE_TIME.fullmatch(name) else f"std::{name}"
    if before == "::":
        return None
    if token.text in _WORDS and not (token.text == "delete" and before == "="):
        return _WORDS[token.text]
    if token.text in _CALLS and after == "(":
        return token.text
    if token.text in _STREAMS or (token.text in _CONTAINERS and after == "<"):
        return f"std::{token.text}"
    return None

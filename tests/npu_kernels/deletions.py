"""One program out of each kernel file, that leaves out the statement whose number it is given.

Compiling is what takes time, so all deletions of a file are one build: ``S;`` becomes
``if (left_out != 7) { S; }``. A tensor that a statement would have declared is declared without
it: once empty, and once as the tensor that the queue was last given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = "EnQue|DeQue|FreeTensor|SetFlag|WaitFlag|set_flag|wait_flag|DataCopy|DataCopyPad"
_CALL = re.compile(rf"\b({_NAMES})\s*(<[^;()]*>)?\s*\(")
_COMMENT = re.compile(r"//[^\n]*")
_INCLUDES = re.compile(r'(?:#include [<"][^\n]*\n+)+')
_DECLARATION = re.compile(r"((?:AscendC::)?LocalTensor<(\w+)>) (\w+)\s*=\s*(.*)", re.S)
_QUEUE = re.compile(r"([\w.\[\]]+)\.(EnQue|DeQue)\b")
_KERNEL = re.compile(r"__global__ \w+ void \w+\([^)]*(\) \{)")
_PROLOGUE = (
    "static int left_out; "
    "static struct { const void* queue; AscendC::LocalTensor<uint8_t> tensor; } given[16]; "
    "template <typename T> __aicore__ inline void Give("
    "const void* queue, AscendC::LocalTensor<T> tensor) { int i = 0; "
    "while (given[i].queue && given[i].queue != queue) ++i; "
    "given[i] = {queue, tensor.template ReinterpretCast<uint8_t>()}; } "
    "template <typename T> __aicore__ inline AscendC::LocalTensor<T> Given(const void* queue) { "
    "int i = 0; while (given[i].queue != queue) ++i; "
    "return given[i].tensor.template ReinterpretCast<T>(); } "
)
_MAIN = """
#include <cstdlib>
int main(int, char** arguments) {
  left_out = std::atoi(arguments[1]);
  return complete_main();
}
"""


@dataclass(frozen=True)
class Deletion:
    """A statement that can be left out; `number` is how the program is told to."""

    number: int
    line: int
    statement: str
    how: str  # what is there instead

    def __str__(self) -> str:
        """The name of its test."""
        return f"{self.line}: {' '.join(self.statement.split())}{self.how}"


@dataclass(frozen=True)
class Selectable:
    """A program that can leave out one statement of its source; number 0 leaves out none."""

    source: str
    deletions: tuple[Deletion, ...]


def selectable(source: str) -> Selectable:
    """Return a program with ``main`` or kernels as `source` has, each with one argument more."""
    text = _COMMENT.sub(lambda found: " " * len(found[0]), source)
    deletions: list[Deletion] = []
    pieces, end = [], 0
    for start, stop in _statements(text):
        line = text.count("\n", 0, start) + 1
        pieces += [text[end:start], _guarded(text[start:stop], line, deletions)]
        end = stop
    return Selectable(_selecting("".join([*pieces, text[end:]])), tuple(deletions))


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each statement with one of the calls begins, and where its semicolon is."""
    depth, start = 0, 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth or character not in ";{}":
            continue
        if character == ";" and _CALL.search(text, start, at):
            yield start + len(text[start:at]) - len(text[start:at].lstrip()), at
        start = at + 1


def _guarded(statement: str, line: int, deletions: list[Deletion]) -> str:
    """Return `statement` under a condition, after adding to `deletions` what can be told by it."""
    number = _add(deletions, line, statement, "")
    declared = _DECLARATION.fullmatch(statement)
    if declared is None:
        return f"{{ {_giving(statement)}if (left_out != {number}) {{ {statement}; }} }}"
    kind, element, name, value = declared.groups()
    queue = _QUEUE.match(value)
    assert queue, statement
    other = _add(deletions, line, statement, " (the tensor as it was enqueued)")
    return (
        f"{kind} {name}; if (left_out == {other}) {name} = Given<{element}>(&{queue[1]}); "
        f"else if (left_out != {number}) {name} = {value}"
    )


def _giving(statement: str) -> str:
    found = re.fullmatch(r"([\w.\[\]]+)\.EnQue(?:<\w+>)?\((\w+)\)", statement)
    return f"Give(&{found[1]}, {found[2]}); " if found else ""


def _add(deletions: list[Deletion], line: int, statement: str, how: str) -> int:
    number = len(deletions) + 1
    deletions.append(Deletion(number, line, statement, how))
    return number


def _selecting(text: str) -> str:
    """Let `text` be told which statement to leave out."""
    includes = _INCLUDES.search(text)
    assert includes and text[includes.end() - 2 : includes.end()] == "\n\n"
    text = f"{text[: includes.end() - 1]}{_PROLOGUE}{text[includes.end() - 1 :]}"
    if main := re.search(r"\bmain\(\)", text):
        return f"{text[: main.start()]}complete_main(){text[main.end() :]}{_MAIN}"
    return _KERNEL.sub(lambda k: k[0].replace(k[1], ", int32_t o) { left_out = o;"), text)

"""Turns Ascend C into C++ that g++ takes: launches, tiling macros, a table of kernels at the end.

Every line keeps its number, so that what the compiler and the machine say is about the student's.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from labkit.npu.errors import BuildError, Mistake
from labkit.npu.scan import Token, closing, directive, split
from labkit.npu.source import Program
from labkit.npu.structure import Function

OURS = "<npu>"  # the file that what we append belongs to
_REGISTERS = {"REGISTER_TILING_DEFAULT", "BEGIN_TILING_DATA_DEF"}
_CLOSING = (">", ">>", ">>>")  # of template arguments
_HIDDEN_MAIN = "npu_unused_main"


class Edit(NamedTuple):
    """Put `text` in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def rewrite(program: Program, *, runs_main: bool) -> Mapping[str, str]:
    """Return the files to compile, by name, with the headers made for them.

    Args:
        program: as it was read.
        runs_main: whether its own ``main`` is to run; kernels are called from outside otherwise.
    """
    edits = {name: _edits(program, name, runs_main) for name in program.files}
    files = {name: _apply(program.files[name], edits[name]) for name in program.files}
    for name in program.units:
        files[name] += _stub(program, name, runs_main)
    return files | _launch_headers(program)


def _apply(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _edits(program: Program, name: str, runs_main: bool) -> list[Edit]:
    structure = program.structures[name]
    found = list(chain(_launches(name, structure.code), _tilings(program, name)))
    main = structure.called("main")
    if main is not None and not runs_main:
        token = next(structure.code[at] for at in main.head if structure.code[at].text == "main")
        found.append(Edit(token.start, token.end, _HIDDEN_MAIN))
    return found


def _launches(name: str, code: list[Token]) -> Iterator[Edit]:
    """Turn each ``kernel<<<…>>>`` into ``::npu::launcher(kernel, …)``."""
    for at, token in enumerate(code):
        if token.text != "<<<":
            continue
        first = _callee(code, at)
        end = _launch_end(code, at)
        if first is None or end is None or len(split(code[at + 1 : end])) != 3:
            text = "this is no launch: write kernel<<<blocks, nullptr, stream>>>(arguments)"
            raise BuildError([Mistake(name, token.line, text)])
        yield Edit(code[first].start, code[first].start, "::npu::launcher(")
        yield Edit(token.start, token.end, ", ")
        called = "".join(each.text for each in code[first:at])
        yield Edit(code[end].start, code[end].end, f', "{called}")')


def _callee(code: list[Token], at: int) -> int | None:
    """Return where the name of the kernel launched at `at` begins, with its template arguments."""
    last = at - 1
    if last >= 0 and code[last].text in _CLOSING:
        depth = 0
        while last >= 0:
            text = code[last].text
            depth += text.count(">") if text in _CLOSING else -(text == "<")
            last -= 1
            if depth == 0:
                break
    if last < 0 or code[last].kind != "name":
        return None
    while last >= 2 and code[last - 1].text == "::" and code[last - 2].kind == "name":
        last -= 2
    return last - 1 if last and code[last - 1].text == "::" else last


def _launch_end(code: list[Token], at: int) -> int | None:
    """Return where the ``>>>`` is that belongs to the ``<<<`` at `at`."""
    while at + 1 < len(code):
        at += 1
        if code[at].text in ("(", "[", "{"):
            at = closing(code, at)
        elif code[at].text in (";", "}", ")"):
            return None
        elif code[at].text == ">>>" and at + 1 < len(code) and code[at + 1].text == "(":
            return at
    return None


def _tilings(program: Program, name: str) -> Iterator[Edit]:
    """Name the struct in ``GET_TILING_DATA(t, p)``, where only one can be meant."""
    struct = _only_tiling(program)
    code = program.structures[name].code
    for at, token in enumerate(code[:-1]):
        if struct and token.text == "GET_TILING_DATA" and code[at + 1].text == "(":
            text = f"GET_TILING_DATA_WITH_STRUCT({struct}, "
            yield Edit(token.start, code[at + 1].end, text)


def _only_tiling(program: Program) -> str | None:
    """Return the one struct of tiling data, if nothing registers another."""
    words = {token.text for each in program.structures.values() for token in each.code}
    names = {name for each in program.structures.values() for name in each.classes}
    found = [name for name in names if name.endswith("TilingData")]
    defined = [
        token
        for each in program.structures.values()
        for line in each.code
        if line.kind == "directive"
        for token in directive(line)[:2]
        if token.text == "GET_TILING_DATA"
    ]
    return found[0] if len(found) == 1 and not defined and not _REGISTERS & words else None


def _stub(program: Program, unit: str, runs_main: bool) -> str:
    """Return what is appended to `unit`: its kernels by name, and a main in the first unit."""
    lines = [f"NPU_EXPORT_KERNEL({name})" for name in _exported(program, unit)]
    if runs_main:
        return ""
    if program.structures[unit].called("run_kernel"):
        lines.append("NPU_EXPORT_HOST(run_kernel)")
    if unit == program.units[0]:
        lines.append("NPU_MAIN")
    text = "\n".join(["", f'#line 1 "{OURS}"', '#include "npu/entry.h"', *lines, ""])
    return text if lines else ""


def _exported(program: Program, unit: str) -> list[str]:
    """Return the kernels that `unit` makes known: no template, and of no unit before it."""
    earlier = set(program.units[: program.units.index(unit)])
    seen = {file for other in earlier for file in program.reached(other)}
    reached = set(program.reached(unit)) - seen
    return list(
        dict.fromkeys(
            one.name
            for file, one in program.kernels
            if file in reached and not one.template and not one.space
        )
    )


def _launch_headers(program: Program) -> dict[str, str]:
    """Make ``aclrtlaunch_kernel.h`` for each kernel, as the vendor's build does."""
    return {
        f"aclrtlaunch_{one.name}.h": _launch_header(one)
        for _, one in program.kernels
        if not one.template
    }


def _launch_header(kernel: Function) -> str:
    linkage = 'extern "C" ' if "extern" in kernel.words else ""
    given = ", ".join(" ".join(each.text for each in part) for part in split(kernel.parameters))
    declared = f"{linkage}__global__ __aicore__ void {kernel.name}({given});"
    return f'#pragma once\n#include "ascendc/launch.h"\n#include "ascendc/types.h"\n{declared}\n'

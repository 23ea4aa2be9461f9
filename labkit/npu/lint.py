"""What the vendor's compiler refuses, and g++ takes: each is told with its file and line.

This teaches; it walls nothing off. What student code can do is the box's to limit, and what comes
of a run is the replay's to say.
"""

from collections.abc import Iterator, Sequence

from labkit.npu.calls import Calls, Place
from labkit.npu.device_code import check_device
from labkit.npu.errors import BuildError, Mistake
from labkit.npu.includes import check_directive
from labkit.npu.messages import SUBSET
from labkit.npu.scan import Token, closing, directive, split
from labkit.npu.source import Program

_MOST_FUNCTIONS = 2000  # each is looked for in the others
_DEVICE = {"__global__", "__aicore__"}
_ASSEMBLY = {"asm", "__asm", "__asm__"}
_ATTRIBUTES = {"__attribute__", "__attribute", "__declspec"}
_HARMLESS = {"always_inline", "noinline", "unused", "aligned", "packed", "deprecated"}
_DIGRAPHS = {"%:", "<%", "%>", "<:", ":>"}


def check(program: Program) -> None:
    """Look for what `program` must not use.

    Raises:
        BuildError: with all that was found, of kind ``subset``.
    """
    found = [mistake for file in program.files for mistake in _everywhere(program, file)]
    found += _device(program)
    if found:
        raise BuildError(sorted(set(found)), "subset")


def _everywhere(program: Program, file: str) -> Iterator[Mistake]:
    for token in program.structures[file].code:
        if token.kind == "directive":
            yield from check_directive(program, file, token)
            yield from _names(file, directive(token))
    yield from _names(file, program.structures[file].code)


def _names(file: str, code: Sequence[Token]) -> Iterator[Mistake]:
    """Tell of names that are nobody's to use, in host code either."""
    for at, token in enumerate(code):
        after = [each.text for each in code[at + 1 : at + 3]]
        text = None
        if token.text in _ASSEMBLY:
            text = "inline assembly is not in the course subset"
        elif token.text in _ATTRIBUTES and not _harmless(code[at + 1 : at + 16]):
            text = f"{token.text} is not in the course subset"
        elif token.text in _DIGRAPHS:
            text = f"{token.text}: write the character that it stands for"
        elif token.text == "\\":
            text = "a backslash stands outside of a text"
        elif token.text.startswith("NPU_") or (token.text == "npu" and after[:1] == ["::"]):
            text = f"{token.text} is a name of the virtual NPU itself, and not for kernels"
        elif token.text == "AscendC" and after == ["::", "detail"]:
            text = "AscendC::detail is not for kernels"
        elif token.text == "__cube__":
            text = "a kernel for the Cube alone is not in the course subset"
        if text is not None and token.kind in ("name", "punct"):
            yield Mistake(file, token.line, text, SUBSET)


def _harmless(after: Sequence[Token]) -> bool:
    """Say whether ``((…))`` after ``__attribute__`` asks for what kernels commonly ask for."""
    inside = split(after[2 : closing(after, 0) - 1]) if len(after) > 2 else []
    return bool(inside) and all(part[0].text.strip("_") in _HARMLESS for part in inside)


def _device(program: Program) -> Iterator[Mistake]:
    """Tell of what device code must not do: functions marked so, and what they call."""
    calls = Calls(program)
    if len(calls.places) > _MOST_FUNCTIONS:
        text = f"the program has more than {_MOST_FUNCTIONS} functions"
        raise BuildError([Mistake(program.units[0], 1, text)], "size")
    marked = _DEVICE | _macros(program)
    device = [place for place in calls.places if marked & place.function.words]
    reached = _reached(device, calls)
    yield from check_device(program, reached)
    for place in reached:
        circle = calls.circle(place)
        if circle is not None:
            text = f"{place.function.name} calls itself: device code has no recursion"
            yield Mistake(place.file, circle.line, text, SUBSET)
    yield from _unmarked(device, calls)


def _macros(program: Program) -> set[str]:
    """Return macros that stand for a device function's mark."""
    found = set()
    for structure in program.structures.values():
        for token in structure.code:
            words = [each.text for each in directive(token)] if token.kind == "directive" else []
            if words[:1] == ["define"] and _DEVICE & set(words[2:]):
                found.add(words[1])
    return found


def _reached(device: Sequence[Place], calls: Calls) -> list[Place]:
    found, waiting = {id(place.function): place for place in device}, list(device)
    while waiting:
        for call in calls.of(waiting.pop()):
            if id(call.callee.function) not in found:
                found[id(call.callee.function)] = call.callee
                waiting.append(call.callee)
    return list(found.values())


def _unmarked(device: Sequence[Place], calls: Calls) -> Iterator[Mistake]:
    """Tell of calls of functions that are not marked, and so are the host's."""
    marked = {id(place.function) for place in device}
    for place in device:
        for call in calls.of(place):
            callee = call.callee.function
            if id(callee) not in marked and "constexpr" not in callee.words:
                text = f"{callee.name} is called on the NPU: it must be an __aicore__ function"
                yield Mistake(place.file, call.line, text, SUBSET)

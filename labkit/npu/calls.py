"""Who calls whom, by name and number of arguments: what kernels reach, and what calls itself."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from labkit.npu.scan import OPEN, Token, closing, split
from labkit.npu.source import Program
from labkit.npu.structure import Function, after_angles

_BEYOND = {".", "->", "::"}  # before a name: of something else than the caller's own scope


class Place(NamedTuple):
    """A function, and the file that defines it."""

    file: str
    function: Function


class Call(NamedTuple):
    """A call of one of the program's own functions."""

    caller: Place
    callee: Place
    line: int


class Calls:
    """All calls of a program that can be told from its text."""

    def __init__(self, program: Program) -> None:
        """Find them."""
        self._program = program
        self.places = [Place(*each) for each in program.functions()]
        self._named: dict[str, list[Place]] = {}
        for place in self.places:
            self._named.setdefault(place.function.name, []).append(place)
        self._from = {id(place.function): list(self._of(place)) for place in self.places}

    def of(self, place: Place) -> list[Call]:
        """Return the calls in the body of `place`."""
        return self._from[id(place.function)]

    def _of(self, place: Place) -> Iterator[Call]:
        code = self._program.structures[place.file].code
        for at in place.function.body:
            token = code[at]
            if token.text not in self._named or code[at + 1].text != "(" or _elsewhere(code, at):
                continue
            given = len(split(code[at + 2 : closing(code, at + 1)]))
            callee = self._meant(place.function, token.text, given)
            if callee is not None:
                yield Call(place, callee, token.line)

    def _meant(self, caller: Function, name: str, given: int) -> Place | None:
        fitting = [each for each in self._named[name] if given in _counts(each.function)]
        for owner in (caller.owner, ""):
            found = next((each for each in fitting if each.function.owner == owner), None)
            if found is not None:
                return found
        return None

    def circle(self, start: Place) -> Call | None:
        """Return the call in `start` that comes back to `start`, if there is one."""
        for call in self.of(start):
            seen: set[int] = set()
            waiting = [call.callee]
            while waiting:
                place = waiting.pop()
                if place.function is start.function:
                    return call
                if id(place.function) not in seen:
                    seen.add(id(place.function))
                    waiting += [each.callee for each in self.of(place)]
        return None


def _elsewhere(code: Sequence[Token], at: int) -> bool:
    """Say whether the name at `at` is looked up in something else than the caller's scope."""
    if code[at - 1].text == "->" and code[at - 2].text == "this":
        return False
    return code[at - 1].text in _BEYOND


def _counts(function: Function) -> range:
    """Return how many arguments `function` takes."""
    parts = list(_parameters(function.parameters))
    if len(parts) == 1 and [token.text for token in parts[0]] == ["void"]:
        parts = []
    words = [{token.text for token in part} for part in parts]
    if any("..." in each for each in words):
        return range(0, 256)
    return range(sum("=" not in each for each in words), len(parts) + 1)


def _parameters(code: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Split parameters at their commas, but not within brackets or angles."""
    start = at = 0
    while at < len(code):
        if code[at].text in OPEN:
            at = closing(code, at)
        elif code[at].text == "<":
            at = after_angles(code, at) - 1
        elif code[at].text == ",":
            yield code[start:at]
            start = at + 1
        at += 1
    if code:
        yield code[start:]

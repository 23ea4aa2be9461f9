"""What a source declares: its functions with their bodies, its structs, found without a parser."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from labkit.npu.scan import OPEN, Token, closing, closings, tokens

_CLASSES = {"class", "struct", "union"}
_NOT_NAMES = {"alignas", "decltype", "noexcept", "__attribute__", "__declspec"}
_NOT_NAMES |= {"__mix__", "__schedmode__"}
_TRAILING = {"const", "noexcept", "override", "final", "volatile", "try", "requires"}
_LONGEST = 512  # tokens of a declaration, before its brace
_ACCESS = {"public", "private", "protected"}


@dataclass(frozen=True)
class Function:
    """A function's definition; `head` and `body` are ranges of the source's tokens."""

    name: str
    owner: str  # the class it is a member of, or nothing
    space: tuple[str, ...]  # its namespaces
    line: int
    words: frozenset[str]  # before its name
    parameters: tuple[Token, ...]
    head: range
    body: range  # with both braces

    @property
    def kernel(self) -> bool:
        """Whether a host launches it."""
        return "__global__" in self.words and not self.owner

    @property
    def template(self) -> bool:
        """Whether it, or its class, has template parameters of its own."""
        return "template" in self.words

    @property
    def qualified(self) -> str:
        """Its name, from the global namespace on."""
        return "::".join([*self.space, self.name])


@dataclass
class Structure:
    """One source: its tokens, and what they declare."""

    code: list[Token]
    functions: list[Function] = field(default_factory=list)
    classes: dict[str, range] = field(default_factory=dict)  # name to its body's tokens

    def called(self, name: str) -> Function | None:
        """Return the function of the global namespace with this name, if there is one."""
        found = (one for one in self.functions if not one.owner and not one.space)
        return next((one for one in found if one.name == name), None)


def read(text: str) -> Structure:
    """Find what `text` declares; text that is no C++ gives something, and no error."""
    return _Reader(tokens(text)).read()


class _Reader:
    """Goes through declarations; steps over whatever is in brackets, but for scopes."""

    def __init__(self, code: list[Token]) -> None:
        self.found = Structure(code)
        self.code = code
        self.ends = closings(code)
        self.scopes: list[tuple[str, str]] = []  # kind (namespace, class, other), name
        self.start = 0  # of the declaration

    def read(self) -> Structure:
        at = 0
        while at < len(self.code):
            at = self._step(at)
        return self.found

    def _step(self, at: int) -> int:
        token = self.code[at]
        if token.text == "{":
            return self._brace(at)
        if token.text in OPEN:
            return self.ends[at] + 1
        if token.text == "}" and self.scopes:
            self.scopes.pop()
        if token.text in (";", "}") or token.kind == "directive" or self._ends_access(at):
            self.start = at + 1
        return at + 1

    def _ends_access(self, at: int) -> bool:
        return at > 0 and self.code[at].text == ":" and self.code[at - 1].text in _ACCESS

    def _brace(self, at: int) -> int:
        self.start = max(self.start, at - _LONGEST)
        self.start += _macros(self.code[self.start : at])
        declared = self.code[self.start : at]
        words = [token.text for token in declared[_after_template(declared) :]]
        end = self.ends[at] + 1
        name = _function_name(declared)
        if name is not None:
            if _initialises(declared, name):
                return end
            self._add_function(name, at, end)
        elif "namespace" in words or words[:1] == ["extern"]:
            return self._enter("namespace", _last_name(words, {"namespace", "inline"}), at)
        elif _CLASSES & set(words) and "enum" not in words and "=" not in words:
            return self._enter_class(declared, at)
        else:
            return end
        self.start = end
        return end

    def _enter(self, kind: str, name: str, at: int) -> int:
        self.scopes.append((kind, name))
        self.start = at + 1
        return at + 1

    def _enter_class(self, declared: Sequence[Token], at: int) -> int:
        keyword = max(i for i, token in enumerate(declared) if token.text in _CLASSES)
        names = [token for token in declared[keyword + 1 :] if token.kind == "name"]
        name = next((token for token in names if token.text not in _NOT_NAMES), None)
        if name is not None:
            self.found.classes[name.text] = range(at, self.ends[at] + 1)
        return self._enter("class", name.text if name else "", at)

    def _add_function(self, name: int, at: int, end: int) -> None:
        token = self.code[self.start + name]
        before = self.code[self.start : self.start + name]
        opening = next(i for i in range(self.start + name, at) if self.code[i].text == "(")
        inside = next((name for kind, name in reversed(self.scopes) if kind == "class"), "")
        self.found.functions.append(
            Function(
                name=token.text,
                owner=inside or _owner(before),
                space=tuple(name for kind, name in self.scopes if kind == "namespace" and name),
                line=token.line,
                words=frozenset(each.text for each in before),
                parameters=tuple(self.code[opening + 1 : self.ends[opening]]),
                head=range(self.start, at),
                body=range(at, end),
            )
        )


def _function_name(declared: Sequence[Token]) -> int | None:
    """Return where the name of the function is that `declared` declares, if it declares one."""
    at = _after_template(declared)
    while at < len(declared):
        text = declared[at].text
        if text == "operator":
            return at
        if text == "=":
            return None
        if text == "(":
            before = declared[at - 1] if at else None
            if before and before.kind == "name" and before.text not in _NOT_NAMES:
                return at - 1
            at = closing(declared, at)
        at += 1
    return None


def _macros(declared: Sequence[Token]) -> int:
    """Return how many tokens of `declared` call macros, before what it declares."""
    at = 0
    while at + 1 < len(declared) and declared[at + 1].text == "(":
        end = closing(declared, at + 1) + 1
        after = declared[end] if end < len(declared) else declared[at + 1]
        if {declared[at].kind, after.kind} != {"name"} or declared[at].text in _NOT_NAMES:
            break
        if after.text in _TRAILING:
            break
        at = end
    return at


def _after_template(declared: Sequence[Token]) -> int:
    """Return where `declared` goes on after ``template <…>``."""
    at = 0
    while at < len(declared) and declared[at].text == "template":
        at = after_angles(declared, at + 1)
    return at


def after_angles(code: Sequence[Token], at: int) -> int:
    """Return where `code` goes on after the ``<…>`` that begins at `at`."""
    depth = 0
    while at < len(code):
        text = code[at].text
        if text in OPEN:
            at = closing(code, at)
        depth += text.count("<") if text in ("<", "<<", "<<<") else 0
        depth -= text.count(">") if text in (">", ">>", ">>>") else 0
        at += 1
        if depth <= 0:
            break
    return at


def _initialises(declared: Sequence[Token], name: int) -> bool:
    """Say whether a brace after `declared` belongs to a constructor's list of members."""
    opening = next((i for i in range(name, len(declared)) if declared[i].text == "("), name)
    rest = declared[closing(declared, opening) + 1 :]
    listed = any(token.text == ":" for token in rest)
    return listed and (rest[-1].kind == "name" or rest[-1].text == ">")


def _owner(before: Sequence[Token]) -> str:
    """Return the class in ``Class<T>::`` at the end of `before`, or nothing."""
    if not before or before[-1].text != "::":
        return ""
    depth = 0
    for token in reversed(before[:-1]):
        depth += token.text.count(">") - token.text.count("<")
        if depth == 0 and token.kind == "name":
            return token.text
    return ""


def _last_name(words: Sequence[str], skipped: set[str]) -> str:
    names = [word for word in words if word not in skipped and word.isidentifier()]
    return "" if words[:1] == ["extern"] or not names else names[-1]

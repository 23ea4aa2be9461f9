"""C++ as tokens: enough to find functions and launches, and blind to what is no code."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SPLICE = re.compile(r"\\[ \t]*\r?\n")
_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\f\v]+|\\[ \t]*\r?\n)
  | (?P<newline>\n)
  | (?P<comment>//(?:\\[ \t]*\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<string>(?:u8|[uUL])?R"(?P<end>[^()\\\s]{0,16})\(.*?(?:\)(?P=end)"|\Z)
      |(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"?)
  | (?P<number>\.?\d(?:[eEpP][+-]|'[0-9A-Za-z_]|[0-9A-Za-z_.])*)
  | (?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])*'?)
  | (?P<name>[^\W\d]\w*)
  | (?P<punct><<<|>>>|::|->|\.\.\.|\#\#|%:|<%|%>|<:(?!:)|:>|&&|\|\||[<>=!+\-*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


class Token(NamedTuple):
    """A piece of code; a preprocessor directive is one, whole."""

    kind: str  # name, number, string, char, punct, directive
    text: str
    line: int  # from 1
    start: int  # in the file's text
    end: int


def tokens(text: str) -> list[Token]:
    """Split `text` into tokens, without comments and white space."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at, line, fresh = 0, 1, True
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None and match.lastgroup is not None  # the last branch takes anything
        kind, end = _kind(match), match.end()
        if fresh and match["punct"] in ("#", "%:"):
            kind, end = "directive", _directive_end(text, at)
        piece = text[at:end]
        if kind == "space" and piece[0] == "\\" and _joins(text, at, end):
            yield Token("punct", "\\", line, at, at + 1)
        if kind not in ("space", "newline", "comment"):
            yield Token(kind, piece, line, at, end)
        fresh = kind == "newline" or (fresh and kind in ("space", "comment"))
        line += piece.count("\n")
        at = end


def _joins(text: str, at: int, end: int) -> bool:
    """Say whether g++ joins what is around the splice from `at` to `end` into one word."""
    return not (text[at - 1 : at].isspace() or text[end : end + 1].isspace())


def _kind(match: re.Match[str]) -> str:
    names = ("space", "newline", "comment", "string", "number", "char", "name")
    return next((name for name in names if match[name] is not None), "punct")


def _directive_end(text: str, at: int) -> int:
    """Find the newline that ends the directive at `at`: none in a comment or after a backslash."""
    while at < len(text) and text[at] != "\n":
        match = _TOKEN.match(text, at)
        assert match is not None
        at = match.end()
    return at


def directive(token: Token) -> list[Token]:
    """Return the tokens of a directive, without its ``#``; all on the directive's line."""
    body = _SPLICE.sub("", token.text).lstrip("#%: \t")
    return [each._replace(line=token.line) for each in tokens(body)]


def closing(code: Sequence[Token], at: int) -> int:
    """Return where the bracket that opens at `at` closes; the end of `code` if it never does."""
    depth = 0
    for index in range(at, len(code)):
        depth += (code[index].text in OPEN) - (code[index].text in CLOSE)
        if depth == 0:
            return index
    return len(code) - 1


def closings(code: Sequence[Token]) -> dict[int, int]:
    """Return `closing` of each bracket of `code` that opens."""
    ends, opened = {}, []
    for at, token in enumerate(code):
        if token.text in OPEN:
            opened.append(at)
        elif token.text in CLOSE and opened:
            ends[opened.pop()] = at
    return ends | dict.fromkeys(opened, len(code) - 1)


def split(code: Sequence[Token]) -> list[Sequence[Token]]:
    """Split `code` at its commas, but not within brackets; no tokens are no parts."""
    parts, start, at = [], 0, 0
    while at < len(code):
        if code[at].text in OPEN:
            at = closing(code, at)
        elif code[at].text == ",":
            parts.append(code[start:at])
            start = at + 1
        at += 1
    return [*parts, code[start:]] if code else []

"""The patterns of an allow-list: ``*`` stays within a folder, ``**/`` crosses folders."""

import re
from functools import cache

_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANING = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(pattern: str, name: str) -> bool:
    """Whether the POSIX file name `name` fits `pattern`, case-sensitively.

    >>> matches("autograd/*.py", "autograd/ops.py"), matches("autograd/*.py", "autograd/x/ops.py")
    (True, False)
    """
    return _compiled(pattern).fullmatch(name) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = _PIECES.findall(pattern)
    return re.compile("".join(_MEANING.get(p) or re.escape(p) for p in pieces), re.DOTALL)

"""What stands in the starter where the solution has a region.

Inside a function a region becomes a line that fails and shows the hint. Around whole functions
(or other statements) it vanishes; a hint remains as a comment.
"""

import ast
import json
from pathlib import Path

from autograder.course.regions import Region, find_regions
from autograder.errors import CourseError

_UNTOLD = "write this part"


def strip(source: str, path: Path) -> str:
    """Return `source`, the text of the solution file `path`, as students get it.

    Raises:
        CourseError: as `find_regions`; or what remains is not valid Python.
    """
    regions = find_regions(source, path)
    if not regions:
        return source
    python = path.suffix == ".py"
    tree = _parse(source, path, 0) if python else None
    kept: list[str] = []
    lines, at = source.split("\n"), 0
    for region in regions:
        kept += lines[at : region.begin - 1]
        at = region.end
        if substitute := _substitute(region, tree, path):
            kept.append(substitute)
        elif kept and not kept[-1].strip():  # one gap, not two, where a region vanished
            while at < len(lines) and not lines[at].strip():
                at += 1
    text = "\n".join([*kept, *lines[at:]]).rstrip("\n") + "\n"
    if python:
        _parse(text, path, regions[0].begin)
    return text


def _parse(source: str, path: Path, region: int) -> ast.Module:
    """Return the tree of a solution, or (with the line of a `region`) of what is made from it."""
    try:
        compile(source, str(path), "exec", dont_inherit=True)
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL in the source
        message = f"this is not valid Python: {getattr(error, 'msg', error)}; correct it"
        if region:
            hint = "let regions hold whole statements, and leave a docstring where a body vanishes"
            message = f"without its regions this file is not valid Python ({error}); {hint}"
        raise CourseError.at(path, region or getattr(error, "lineno", None) or 1, message) from None


def _substitute(region: Region, tree: ast.Module | None, path: Path) -> str:
    """Return the line that stands for `region`, or nothing where it vanishes."""
    hint = region.hint or _UNTOLD
    if tree is not None and _inside_function(region, tree, path):
        return f"{region.indent}raise NotImplementedError({json.dumps(hint, ensure_ascii=False)})"
    if tree is None and region.comment == "//" and region.indent:
        return f"{region.indent}#error {json.dumps('not written yet: ' + hint, ensure_ascii=False)}"
    return f"{region.indent}{region.comment} Write here: {hint}" if region.hint else ""


def _inside_function(region: Region, tree: ast.Module, path: Path) -> bool:
    """Return whether `region` lies in a function's body. Raises CourseError where it cuts one."""
    first, last = region.content[0], region.content[-1]
    spans = [(node, *_span(node)) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    begins = any(begin == first for _, begin, _ in spans)
    ends = any(end == last for _, _, end in spans)
    around = [node for node, begin, end in spans if begin < first and end >= last]
    cut = any(
        begin < first <= end < last or first <= begin <= last < end for _, begin, end in spans
    )
    if cut or not (begins and ends):
        message = "this region does not hold whole statements; move its markers"
        raise CourseError.at(path, region.begin, message)
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in around)


def _span(node: ast.stmt) -> tuple[int, int]:
    """Return the first and last line of a statement, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno

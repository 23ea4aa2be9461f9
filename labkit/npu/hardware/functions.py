"""Functions of a kernel's library as ctypes calls them, and launchers for those without."""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.npu.errors import BuildError, Mistake
from labkit.npu.scan import Token
from labkit.npu.source import Program
from labkit.npu.structure import Function

STREAM, ARRAY = "stream", "array"
_POINTERS, _STREAMS = {"*", "GM_ADDR"}, {"aclrtStream", "rtStream_t"}
_SCALARS = {
    **{"float": "c_float", "double": "c_double", "bool": "c_bool", "int": "c_int"},
    **{"unsigned": "c_uint", "size_t": "c_size_t"},
    **{
        f"{sign}int{bits}_t": f"c_{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
    },
}


@dataclass(frozen=True)
class Callable:
    """A function of the library: its symbol, and what each parameter is.

    A parameter is STREAM, ARRAY, or the name of a type in ctypes.
    """

    symbol: str
    parameters: tuple[str, ...]


def run_kernel(program: Program) -> Callable | None:
    """Return the program's own ``run_kernel``, if it has one."""
    file = program.defining("run_kernel")
    function = file and program.structures[file].called("run_kernel")
    if not file or not function:
        return None
    return Callable("run_kernel", tuple(_kind(file, function, each) for each in _parts(function)))


def launchers(program: Program, unit: str) -> tuple[str, dict[str, Callable]]:
    """Return text to append to `unit` that launches its kernels, and what it declares by kernel."""
    lines, declared = [], {}
    for file, function in program.kernels:
        if file == unit and not function.template:
            parts = _parts(function)
            symbol = f"labkit_launch_{function.name}"
            text = "".join(f", {' '.join(token.text for token in part)}" for part in parts)
            names = ", ".join(part[-1].text for part in parts)
            lines.append(
                f'extern "C" void {symbol}(uint32_t labkit_blocks, void* labkit_stream{text}) '
                f"{{ {function.qualified}<<<labkit_blocks, nullptr, labkit_stream>>>({names}); }}\n"
            )
            kinds = (_kind(file, function, part) for part in parts)
            declared[function.qualified] = Callable(symbol, ("c_uint32", STREAM, *kinds))
    return "".join(lines), declared


def _parts(function: Function) -> list[list[Token]]:
    """Return the tokens of each parameter."""
    parts: list[list[Token]] = [[]]
    for token in function.parameters:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _kind(file: str, function: Function, part: Sequence[Token]) -> str:
    words = [token.text for token in part]
    if _STREAMS & set(words):
        return STREAM
    if _POINTERS & set(words):
        return ARRAY
    for word in words:
        if word in _SCALARS:
            return _SCALARS[word]
    text = f"{' '.join(words)}: a device is given pointers and plain numbers; pass it by pointer"
    raise BuildError([Mistake(file, function.line, text, "CPP_UNSUPPORTED")])

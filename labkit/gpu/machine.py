"""The virtual GPU: launches a kernel, batch of blocks by batch of blocks."""

import inspect
import textwrap
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from labkit.gpu import counters
from labkit.gpu.counters import Ledger
from labkit.gpu.fences import Fences
from labkit.gpu.global_memory import GlobalView, Memory, is_plain, memory_of
from labkit.gpu.kernel import Kernel
from labkit.gpu.problems import ERROR, WARNING, Hazard, Hazards, KernelError, Stopped, SubsetError
from labkit.gpu.reading import read_file, read_module
from labkit.gpu.report import Report
from labkit.gpu.run import Dims, Grid, Run
from labkit.gpu.source import Dotted, Module
from labkit.gpu.traffic import SECTOR
from labkit.gpu.typed import ArrayType, Type

BATCH_LANES = 1 << 16
BATCH_BYTES = 1 << 28  # of shared and local memory
# CUDA C++ Programming Guide, "Compute Capabilities"; bytes of a block and of a thread
MAX_THREADS, MAX_SHARED, MAX_LOCAL = 1024, 48 << 10, 1 << 19
_MAX_GRID, _MAX_BLOCK = (2**31 - 1, 65535, 65535), (1024, 1024, 64)


class KernelSource:
    """A kernel as text, to be launched."""

    def __init__(self, module: Module, name: str) -> None:
        """The kernel `name` of `module`."""
        self.module, self.name = module, name


class Kernels(dict[str, KernelSource]):
    """The kernels of a module by name; `module` has the rest of it."""

    def __init__(self, module: Module) -> None:
        """Take all kernels of `module`."""
        names = [name for name in module.functions if module.is_kernel(name)]
        super().__init__({name: KernelSource(module, name) for name in names})
        self.module = module


def load(source: str | Path) -> Kernels:
    """Read the kernels of a file, or of source text; nothing of it is executed.

    Raises:
        SubsetError: the text is outside the course subset.
    """
    if isinstance(source, Path) or (source.endswith(".py") and "\n" not in source):
        return Kernels(read_file(Path(source)))
    return load_text(source)


def load_text(source: str, file: str = "kernel") -> Kernels:
    """Read the kernels of source text; messages call it `file`. Raises SubsetError."""
    return Kernels(read_module(source, file))


def launch(
    kernel: Any,
    grid: int | Sequence[int],
    block: int | Sequence[int],
    *arguments: Any,
    shared_bytes: int = 0,
    strict: bool = False,
    order: int | None = None,
) -> Report:
    """Run `kernel` over `grid` blocks of `block` threads; return what was counted and found.

    Args:
        kernel: a ``@cuda.jit`` function, or one of `load`.
        grid: blocks along x, y, z.
        block: threads of a block along x, y, z.
        *arguments: NumPy arrays, written in place, and numbers.
        shared_bytes: dynamic shared memory of a block, what ``cuda.shared.array(0, …)`` shows.
        strict: raise on a hazard of severity ``error``.
        order: blocks run in this seed's order, not from the first on; a right kernel does not care.

    Raises:
        SubsetError: the kernel is outside the course subset.
        KernelError: `strict`, and there was a hazard.
        TypeError: an argument is neither a number nor a plain array.
        ValueError: a size is not positive, or `shared_bytes` is negative.
    """
    text = kernel if isinstance(kernel, KernelSource) else source_of(kernel)
    values = [as_argument(argument) for argument in arguments]
    compiled = compile_kernel(text, values)
    if shared_bytes < 0:
        raise ValueError(f"shared_bytes is {shared_bytes}: a number of bytes is not negative")
    dims = Grid(_dims(grid), _dims(block), None, shared_bytes)
    hazards = Hazards()
    ledger = Ledger(len(compiled.sites))
    memories: list[Memory] = []
    if _fits(dims, compiled, hazards, text):
        if order is not None:
            blocks = np.random.default_rng(order).permutation(dims.block_count)
            dims = Grid(dims.blocks, dims.threads, blocks, shared_bytes)
        memories = _run_all(compiled, dims, values, ledger, hazards)
    if not text.module.names_float64 & set(text.module.reachable(text.name)):
        _warn_of_float64(compiled, hazards)
    report = _report(text, compiled, dims, ledger, hazards, memories)
    if strict and not report.ok:
        raise KernelError(report.hazards)
    return report


def compile_kernel(text: KernelSource, values: Sequence[Any]) -> Kernel:
    """Compile a kernel for the types of `values`. Raises SubsetError."""
    try:
        return Kernel(text.module, text.name, [type_of(value) for value in values])
    except RecursionError:
        line = text.module.functions[text.name].lineno
        raise SubsetError(text.module.file, line, "nested too deeply; name the parts") from None


def _run_all(
    compiled: Kernel, grid: Grid, values: list[Any], ledger: Ledger, hazards: Hazards
) -> list[Memory]:
    memories, views = _memories(compiled, values)
    fences = Fences(grid.thread_count, compiled.fences)
    shared = compiled.shared_bytes + grid.shared_bytes
    per_block = max(1, shared + compiled.local_bytes * grid.thread_count)
    size = max(1, min(BATCH_LANES // grid.thread_count, BATCH_BYTES // per_block))
    with np.errstate(all="ignore"):
        for first in range(0, grid.block_count, size):
            blocks = min(size, grid.block_count - first)
            run = Run(grid, first, blocks, ledger, hazards, fences)
            run.frame = [*views, *([None] * (compiled.slot_count - len(views)))]
            _watch_globals(run, views)
            try:
                compiled.run(run)
                run.settle()
            except Stopped:
                break
            fences.step = run.step
    return memories


def _watch_globals(run: Run, views: list[Any]) -> None:
    for view in views:
        if isinstance(view, GlobalView):
            run.settlers.append(partial(view.settle, run))


def _memories(compiled: Kernel, values: list[Any]) -> tuple[list[Memory], list[Any]]:
    found: dict[int, Memory] = {}
    arrays = [
        (name, value, *memory_of(value))
        for name, value in zip(compiled.names, values, strict=True)
        if isinstance(value, np.ndarray)
    ]
    written = {
        flat.__array_interface__["data"][0]
        for name, _, flat, _ in arrays
        if compiled.writes is None or name in compiled.writes
    }
    views: dict[str, GlobalView] = {}
    for name, value, flat, start in arrays:
        key = flat.__array_interface__["data"][0]
        if key not in found:
            lies_turned = not value.flags.c_contiguous and value.T.flags.c_contiguous
            label, shape = (f"{name}.T", value.T.shape) if lies_turned else (name, value.shape)
            found[key] = Memory(flat, key in written, label, shape)
        memory = found[key]
        if memory.flat.dtype != flat.dtype:
            raise TypeError(f"{name} shares its memory with an argument of another dtype")
        views[name] = GlobalView(name, value, memory, start)
    named = zip(compiled.names, values, strict=True)
    return list(found.values()), [views.get(name, value) for name, value in named]


def _fits(grid: Grid, compiled: Kernel, hazards: Hazards, text: KernelSource) -> bool:
    line = text.module.functions[text.name].lineno
    shared = compiled.shared_bytes + grid.shared_bytes
    troubles = []
    if grid.thread_count > MAX_THREADS or any(
        size > most for size, most in zip(grid.threads, _MAX_BLOCK, strict=True)
    ):
        troubles.append(f"{grid.thread_count} threads in a block; at most {MAX_THREADS} fit")
    if any(size > most for size, most in zip(grid.blocks, _MAX_GRID, strict=True)):
        troubles.append(f"a grid of {grid.blocks} blocks; at most {_MAX_GRID}")
    if shared > MAX_SHARED:
        troubles.append(f"{shared} bytes of shared memory in a block; at most {MAX_SHARED}")
    if compiled.local_bytes > MAX_LOCAL:
        troubles.append(f"{compiled.local_bytes} bytes of local arrays in a thread")
    for trouble in troubles:
        hazards.add(Hazard("resource", line, trouble, ERROR))
    return not troubles


def _warn_of_float64(compiled: Kernel, hazards: Hazards) -> None:
    for line, why in compiled.wide.items():
        text = f"computes in float64 ({why}): far slower on a GPU; write float32(…) if not meant"
        hazards.add(Hazard("float64", line, text, WARNING))


def _report(
    text: KernelSource,
    compiled: Kernel,
    grid: Grid,
    ledger: Ledger,
    hazards: Hazards,
    memories: list[Memory],
) -> Report:
    lines = ledger.book(compiled.sites)
    summed: dict[str, float] = dict(counters.total(lines))
    summed["global_bytes_compulsory"] = sum(memory.compulsory_bytes for memory in memories)
    summed["shared_bytes_per_block"] = compiled.shared_bytes + grid.shared_bytes
    summed |= counters.ratios(summed, SECTOR)
    found = tuple(sorted(hazards.found.values(), key=lambda hazard: (hazard.line, hazard.kind)))
    return Report(
        text.name,
        grid.blocks,
        grid.threads,
        summed,
        dict(lines),
        found,
        text.module.listing(text.name, lines),
        ledger.samples.all(),
        {memory.name: memory.heat for memory in memories},
        {name: counters.of_array(ledger.traffic[name]) for name in compiled.array_names},
    )


def _dims(size: int | Sequence[int]) -> Dims:
    sizes = list(size) if isinstance(size, Sequence) else [size]
    if not all(isinstance(one, int | np.integer) for one in sizes):
        raise TypeError(f"a grid or block has whole sizes, not {size}; divide with //")
    if not 1 <= len(sizes) <= 3 or any(one < 1 for one in sizes):
        raise ValueError(f"a grid or block has one to three sizes of at least 1, not {size}")
    x, y, z = [*map(int, sizes), 1, 1][:3]
    return x, y, z


def as_argument(value: Any) -> Any:
    """Return `value` as kernels get it: an array, or a NumPy scalar. Raises TypeError."""
    if isinstance(value, np.ndarray):
        if not is_plain(value.dtype):
            raise TypeError(f"an array of {value.dtype} cannot be handed to a kernel")
        return value
    if isinstance(value, bool | int | float | np.generic):
        number = np.asarray(value)
        if is_plain(number.dtype):
            return number[()]
        raise TypeError(f"{value!r} does not fit into a number of 64 bits"[:100])
    raise TypeError(f"{type(value).__name__} cannot be handed to a kernel: an array or a number")


def type_of(value: Any) -> Type:
    """Return what `value`, an argument of a launch, is to a kernel."""
    return (
        ArrayType(value.dtype, value.ndim, "global")
        if isinstance(value, np.ndarray)
        else value.dtype
    )


def source_of(function: Any) -> KernelSource:
    """Return a ``@cuda.jit`` function as text. Raises TypeError, SubsetError."""
    plain = getattr(function, "py_func", function)
    if not inspect.isfunction(plain):
        raise TypeError("a kernel is a @cuda.jit function, or comes from gpu.load")
    lines, first = inspect.getsourcelines(plain)
    file = Path(inspect.getsourcefile(plain) or "kernel").name
    module = read_module("\n" * (first - 1) + textwrap.dedent("".join(lines)), file)
    _add_surroundings(module, plain)
    return KernelSource(module, plain.__name__)


def _add_surroundings(module: Module, function: Any) -> None:
    """Take the constants, modules and device functions that the function names from around it."""
    around = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for name in function.__code__.co_names + function.__code__.co_freevars:
        value = around.get(name)
        if inspect.ismodule(value):
            module.names[name] = Dotted(value.__name__)
        elif isinstance(value, bool | int | float | tuple | np.number):
            module.names[name] = value
        elif isinstance(value, type) and issubclass(value, np.generic):
            module.names[name] = np.dtype(value)
        elif hasattr(value, "py_func") and name not in module.functions:
            module.take_in(source_of(value).module)
        elif type(value).__module__.startswith("numba.core.types"):
            module.names[name] = np.dtype(str(value))

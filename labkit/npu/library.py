"""A program that is built: its kernels, to be launched from Python."""

from dataclasses import dataclass, field
from functools import cached_property
from operator import index
from pathlib import Path
from typing import Any

from labkit.npu.arguments import Arguments
from labkit.npu.chips import chip
from labkit.npu.compiling import compile_program
from labkit.npu.errors import LaunchError
from labkit.npu.recording import Task, request
from labkit.npu.report import Report
from labkit.npu.running import perform
from labkit.npu.source import Program, gather
from labkit.npu.trace import Trace, record

SECONDS = 60.0  # that a run may take


@dataclass(frozen=True)
class Library:
    """Kernels that a student wrote, compiled for the virtual NPU."""

    soc: str
    _program: Path = field(repr=False)
    _source: Program = field(repr=False)

    @cached_property
    def kernels(self) -> tuple[str, ...]:
        """Names of the kernels that can be launched."""
        found = (one for _, one in self._source.kernels if not one.template and not one.space)
        return tuple(dict.fromkeys(one.name for one in found))

    def launch(
        self,
        name: str,
        block_dim: int,
        *arguments: Any,
        tiling: Any = None,
        key: int = 0,
        timeout: float = SECONDS,
    ) -> Report:
        """Launch a kernel, and wait for it.

        Args:
            name: of the kernel.
            block_dim: how many blocks (cores) run it.
            arguments: contiguous, writeable arrays, which are global memory and are written in
                place; numbers; structs, as bytes, `ctypes.Structure` or `numpy.void`.
            tiling: a struct for the kernel's last parameter: in global memory if that is a
                pointer, by value otherwise.
            key: the tiling key.
            timeout: seconds that the kernel's process may take.

        Returns:
            What the NPU would have done.

        Raises:
            TypeError, ValueError: an argument that no kernel takes.
            RunError: the run did not come to its end; `arguments` are as they were.
        """
        return perform(self._launch(name, block_dim, arguments, tiling, key, timeout))

    def run(self, *arguments: Any, timeout: float = SECONDS) -> Report:
        """Call the program's own ``run_kernel``; arguments as of `launch`."""
        return perform(self._run(arguments, timeout))

    def record(
        self,
        name: str,
        block_dim: int,
        *arguments: Any,
        tiling: Any = None,
        key: int = 0,
        timeout: float = SECONDS,
    ) -> Trace:
        """As `launch`, but return what happened for `replay` to judge elsewhere."""
        return record(self._launch(name, block_dim, arguments, tiling, key, timeout))

    def record_run(self, *arguments: Any, timeout: float = SECONDS) -> Trace:
        """As `run`, but return what happened for `replay` to judge elsewhere."""
        return record(self._run(arguments, timeout))

    def _launch(
        self,
        name: str,
        block_dim: int,
        arguments: tuple[Any, ...],
        tiling: Any,
        key: int,
        timeout: float,
    ) -> Task:
        self._check_called(name)
        given = Arguments(arguments, tiling)
        blocks = index(block_dim)
        text = request(self.soc, "launch", given.lines, kernel=name, blocks=blocks, key=key)
        wanted = name, blocks
        return Task(self._program, self.soc, text, given, launch=wanted, seconds=timeout)

    def _check_called(self, name: str) -> None:
        """Refuse a kernel that is there, but that only code of its own can name."""
        if name not in self.kernels and any(one.name == name for _, one in self._source.kernels):
            raise LaunchError(
                f"{name} is a template, or in a namespace: launch it from a function "
                f'extern "C" void run_kernel(…) of the file, and call lib.run(…)'
            )

    def _run(self, arguments: tuple[Any, ...], timeout: float) -> Task:
        given = Arguments(arguments)
        text = request(self.soc, "run", given.lines)
        return Task(self._program, self.soc, text, given, seconds=timeout)


def build(source: str | Path, soc: str = "910B1") -> Library:
    """Compile kernels; a ``main`` of their own is left aside.

    Args:
        source: a file, a folder with the files of one program, or a text (of more than one line).
        soc: the chip: 910B1 to 910B4.

    Raises:
        FileNotFoundError: there is no such file.
        BuildError: it does not build; every mistake with the student's file and line.
        ToolchainError: this machine has no g++ that will do.
    """
    name = chip(soc).name
    program = gather(source)
    return Library(name, compile_program(program, runs_main=False), program)


def run_program(
    source: str | Path,
    args: tuple[str, ...] = (),
    *,
    soc: str = "910B1",
    stdin: bytes = b"",
    folder: Path | None = None,
    timeout: float = SECONDS,
) -> Report:
    """Compile a program with its own ``main``, and run it on the virtual NPU.

    Args:
        source: as of `build`.
        args: of its command line.
        soc: the chip.
        stdin: what it reads.
        folder: where it runs; here by default.
        timeout: seconds that it may take.

    Returns:
        The report, with `output`, `exit_code`, and `reads`: what the host copied back.

    Raises:
        BuildError, RunError: as of `build` and `Library.launch`.
    """
    name = chip(soc).name
    program = compile_program(gather(source), runs_main=True)
    text = request(name, "program", ())
    return perform(
        Task(program, name, text, command=args, folder=folder, stdin=stdin, seconds=timeout)
    )

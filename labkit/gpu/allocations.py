"""Compiles what a kernel allocates: shared arrays, static and dynamic, and local ones."""

import ast
from typing import Any

import numpy as np

from labkit.gpu.block_memory import LocalView, SharedView
from labkit.gpu.functions import Functions
from labkit.gpu.run import Run
from labkit.gpu.scalars import DType
from labkit.gpu.typed import ArrayType, Expr

_DYNAMIC = -1  # the number of the one allocation whose size the launch says


class Allocations(Functions):
    """Compiles ``cuda.shared.array`` and ``cuda.local.array``."""

    targets: dict[tuple[int, int], str]
    calls: list[Any]  # device functions that are being expanded, see statements.py
    dynamic: DType | None = None  # of dynamic shared memory, once the kernel has named it

    def allocate(self, space: str, number: int, kind: DType, shape: tuple[int, ...]) -> None:
        """Book the bytes of an allocation."""
        raise NotImplementedError

    def _array(self, node: ast.Call, space: str) -> Expr:
        shape, kind = self._shape_and_dtype(node, space)
        name = self.targets.get((node.lineno, node.col_offset), "the array")
        if space == "shared" and shape == (0,):
            return self._dynamic(node, name, kind)
        # As in Numba: a device function has its shared arrays once for each signature, however
        # often it is called, and its local ones in every call.
        calls = (call.place for call in self.calls) if space == "local" else self.calls[-1:]
        within = tuple(call if space == "local" else call.signature for call in calls)
        place = (node.lineno, node.col_offset, *within)
        number = self.allocations.setdefault(place, len(self.allocations))
        self.allocate(space, number, kind, shape)
        if space == "local":
            return Expr(
                ArrayType(kind, len(shape), "local", shape),
                lambda run: run.locals.setdefault(number, LocalView(name, kind, shape)),
            )
        return Expr(
            ArrayType(kind, len(shape), "shared", shape),
            lambda run: _shared(run, number, name, kind, shape),
        )

    def _shape_and_dtype(self, node: ast.Call, space: str) -> tuple[tuple[int, ...], DType]:
        if len(node.args) > 2:
            raise self.module.error(node, f"cuda.{space}.array needs a shape and a dtype")
        given = dict(zip(("shape", "dtype"), node.args, strict=False))
        given |= {keyword.arg or "": keyword.value for keyword in node.keywords}
        if set(given) != {"shape", "dtype"}:
            raise self.module.error(node, f"cuda.{space}.array needs a shape and a dtype")
        shape = self.expr(given["shape"]).const
        shape = (shape,) if type(shape) is int else shape
        kind = self.module.constant(given["dtype"])
        if not (isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)) or (
            0 in shape and (space, shape) != ("shared", (0,))
        ):
            raise self.module.error(node, "the shape of an array in a kernel must be constant")
        if not isinstance(kind, np.dtype):
            raise self.module.error(node, "the dtype must be one of numba's, such as float32")
        return shape, kind

    def _dynamic(self, node: ast.Call, name: str, kind: DType) -> Expr:
        """Compile an array over all dynamic shared memory; all such arrays are one, as in Numba."""
        if self.dynamic not in (None, kind):
            raise self.no(node, "dynamic shared memory of two dtypes", f"{self.dynamic} for all")
        self.dynamic = kind
        return Expr(
            ArrayType(kind, 1, "shared"),
            lambda run: _shared(
                run, _DYNAMIC, name, kind, (run.grid.shared_bytes // kind.itemsize,)
            ),
        )


def _shared(run: Run, number: int, name: str, kind: DType, shape: tuple[int, ...]) -> SharedView:
    if number not in run.shared:
        run.shared[number] = SharedView(run, name, kind, shape)
    view: SharedView = run.shared[number]
    return view

"""Compiles calls in a kernel: what ``cuda`` offers, and device functions."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from labkit.gpu import scalars, warps
from labkit.gpu.allocations import Allocations
from labkit.gpu.atomics import UFUNCS, atomic
from labkit.gpu.run import Run
from labkit.gpu.scalars import BOOL, BY_NAME, INT32, INT64, UINT32, DType
from labkit.gpu.source import Dotted
from labkit.gpu.typed import Expr, literal, written_out

_AXES = "xyz"
_CUDA = "numba.cuda."


class Intrinsics(Allocations):
    """Compiles calls."""

    def _call(self, node: ast.Call) -> Expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.types:
            raise self.module.error(node, f"{node.func.id} is a value here, no function")
        if (found := self.module.dotted(node.func)) is not None:
            return self._dotted_call(node, found.name)
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in self.module.functions:
                return self.expand(node, name)
            if name in BY_NAME and name in self.module.names:
                return self._cast(node, BY_NAME[name])
            if isinstance(kind := self.module.names.get(name), np.dtype):
                return self._cast(node, kind)
            if (method := getattr(self, f"_python_{name}", None)) is not None:
                self._plain(node)
                result: Expr = method(node)
                return result
        raise self.no(node, f"a call of {ast.unparse(node.func)[:60]}")

    def expand(self, node: ast.Call, name: str) -> Expr:
        """Compile the call of a device function."""
        raise NotImplementedError

    def _dotted_call(self, node: ast.Call, name: str) -> Expr:
        module, _, last = name.rpartition(".")
        if name.startswith((_CUDA + "shared.array", _CUDA + "local.array")):
            return self._array(node, name.split(".")[2])
        self._plain(node)
        if module in ("numba", "numpy") and last in BY_NAME:
            return self._cast(node, BY_NAME[last])
        if module == "math":
            return self._math(node, last)
        if module == _CUDA + "atomic":
            return self._atomic(node, last)
        method = getattr(self, f"_cuda_{last}", None) if module == "numba.cuda" else None
        if method is None:
            raise self.no(node, f"a call of {name}")
        result: Expr = method(node)
        return result

    def _atomic(self, node: ast.Call, name: str) -> Expr:
        wanted = 4 if name == "cas" else 3
        if name not in (*UFUNCS, "exch", "cas") or len(node.args) != wanted:
            raise self.no(
                node, f"this use of cuda.atomic.{name}", "atomic.add(array, index, value)"
            )
        base = self.expr(node.args[0])
        place = ast.copy_location(ast.Subscript(node.args[0], node.args[1], ast.Load()), node)
        index, kind = self.index(place, base)
        if kind.space == "local":
            raise self.module.error(node, "an atomic on a local array has no sense: it is private")
        if name in ("and_", "or_", "xor") and not scalars.is_integer(kind.dtype):
            raise self.module.error(node, f"cuda.atomic.{name} needs an array of integers")
        operands = [self.scalar(argument).to(kind.dtype).compute for argument in node.args[2:]]
        self.count(node, "memory")
        view, line = base.compute, node.lineno
        return Expr(
            kind.dtype,
            lambda run: atomic(
                run,
                view(run),
                name,
                tuple(part(run) for part in index),
                tuple(operand(run) for operand in operands),
                line,
            ),
        )

    def intrinsic_value(self, node: ast.Attribute, found: Dotted) -> Expr:
        """See Expressions."""
        base, _, axis = found.name.removeprefix(_CUDA).rpartition(".")
        places = {"threadIdx": warps.thread, "blockIdx": warps.block}
        sizes = {"blockDim": "threads", "gridDim": "blocks"}
        if base in places and axis in _AXES:
            at, place = _AXES.index(axis), places[base]
            return Expr(INT32, lambda run: place(run, at))
        if base in sizes and axis in _AXES:
            at, what = _AXES.index(axis), sizes[base]
            return Expr(INT32, lambda run: np.int32(getattr(run.grid, what)[at]))
        if found.name == _CUDA + "laneid":
            return Expr(INT32, warps.lane)
        if found.name == _CUDA + "warpsize":
            return literal(32, INT32)
        value = self.module.constant(node)
        if isinstance(value, float | int):
            return self._known(node, value)
        raise self.no(node, found.name)

    def _cuda_grid(self, node: ast.Call) -> Expr:
        return self._each_axis(node, warps.position)

    def _cuda_gridsize(self, node: ast.Call) -> Expr:
        return self._each_axis(node, warps.extent)

    def _each_axis(self, node: ast.Call, what: Callable[[Run, int], Any]) -> Expr:
        dims = self._arguments(node, 1)[0].const
        if type(dims) is not int or dims not in (1, 2, 3):
            raise self.module.error(node, "the number of dimensions must be 1, 2 or 3")
        self.count(node, "int")

        def along(axis: int) -> Expr:
            return Expr(INT64, lambda run: what(run, axis))

        return along(0) if dims == 1 else written_out(tuple(map(along, range(dims))))

    def _cuda_syncthreads(self, node: ast.Call) -> Expr:
        self._arguments(node, 0)
        self.count(node, "sync")
        return Expr(None, lambda run: warps.barrier(run, node.lineno))

    def _voting_barrier(self, node: ast.Call, vote: Callable[[Any, int], Any]) -> Expr:
        (value,) = self._arguments(node, 1)
        compute = value.compute
        self.count(node, "sync")
        return Expr(
            INT32, lambda run: warps.voting_barrier(run, compute(run) != 0, vote, node.lineno)
        )

    def _cuda_syncthreads_count(self, node: ast.Call) -> Expr:
        return self._voting_barrier(node, lambda true, all_: true)

    def _cuda_syncthreads_and(self, node: ast.Call) -> Expr:
        return self._voting_barrier(node, lambda true, all_: true == all_)

    def _cuda_syncthreads_or(self, node: ast.Call) -> Expr:
        return self._voting_barrier(node, lambda true, all_: true > 0)

    def _cuda_syncwarp(self, node: ast.Call) -> Expr:
        given = self._arguments(node, 0, 1)
        self.count(node, "sync")
        lanes = given[0].compute if given else _everyone
        return Expr(None, lambda run: warps.sync_warp(run, lanes(run), node.lineno))

    def _cuda_threadfence(self, node: ast.Call) -> Expr:
        self.count(node, "sync")
        return Expr(None, warps.fence)

    _cuda_threadfence_system = _cuda_threadfence

    def _cuda_threadfence_block(self, node: ast.Call) -> Expr:
        self.count(node, "sync")
        return Expr(None, lambda run: None)

    def _shuffle(self, node: ast.Call, source: Callable[[Any, Any], Any]) -> Expr:
        members, value, by = self._arguments(node, 3)
        assert isinstance(value.type, np.dtype)
        self.count(node, "memory")
        who, what, far = members.compute, value.compute, by.to(INT64).compute
        line = node.lineno
        return Expr(
            value.type, lambda run: warps.shuffle(run, who(run), what(run), far(run), source, line)
        )

    def _cuda_shfl_sync(self, node: ast.Call) -> Expr:
        return self._shuffle(node, lambda lane, by: by % 32)

    def _cuda_shfl_up_sync(self, node: ast.Call) -> Expr:
        return self._shuffle(node, lambda lane, by: _or_own(lane, lane - by))

    def _cuda_shfl_down_sync(self, node: ast.Call) -> Expr:
        return self._shuffle(node, lambda lane, by: _or_own(lane, lane + by))

    def _cuda_shfl_xor_sync(self, node: ast.Call) -> Expr:
        return self._shuffle(node, lambda lane, by: (lane ^ by) % 32)

    def _vote(self, node: ast.Call, kind: DType, vote: Callable[[Any, Any], Any]) -> Expr:
        members, value = self._arguments(node, 2)
        self.count(node, "sync")
        who, what, line = members.compute, value.compute, node.lineno
        return Expr(kind, lambda run: warps.vote(run, who(run), what(run) != 0, vote, line))

    def _cuda_all_sync(self, node: ast.Call) -> Expr:
        return self._vote(node, BOOL, lambda true, here: true == here)

    def _cuda_any_sync(self, node: ast.Call) -> Expr:
        return self._vote(node, BOOL, lambda true, here: true != 0)

    def _cuda_ballot_sync(self, node: ast.Call) -> Expr:
        return self._vote(node, UINT32, lambda true, here: true)

    def _cuda_activemask(self, node: ast.Call) -> Expr:
        self.count(node, "int")
        return Expr(UINT32, warps.active)

    def _cuda_fma(self, node: ast.Call) -> Expr:
        values = self._arguments(node, 3)
        kind = self._floating(values)
        self._count_product(node, kind)
        self.count(node, "fma")
        a, b, c = (value.to(kind).compute for value in values)
        return Expr(kind, lambda run: warps.fused(a(run), b(run), c(run)))

    def _bits(self, node: ast.Call, count: Callable[[Any, int], Any]) -> Expr:
        (value,) = self._arguments(node, 1)
        assert isinstance(value.type, np.dtype)
        if not scalars.is_integer(value.type):
            raise self.module.error(node, "an integer is needed here")
        kind = UINT32 if value.type.itemsize <= 4 else np.dtype("u8")
        inner, width = value.to(kind).compute, 8 * kind.itemsize
        self.count(node, "int")
        return Expr(INT32, lambda run: count(inner(run), width))

    def _cuda_popc(self, node: ast.Call) -> Expr:
        return self._bits(node, lambda x, width: np.bitwise_count(x).astype(INT32))

    def _cuda_clz(self, node: ast.Call) -> Expr:
        return self._bits(node, warps.leading_zeros)

    def _cuda_ffs(self, node: ast.Call) -> Expr:
        return self._bits(node, warps.first_set)


def _or_own(lane: Any, wanted: Any) -> Any:
    """Return the lane that is `wanted`; where there is none, a lane keeps its own value."""
    return np.where((wanted < 0) | (wanted > 31), lane, wanted)


def _everyone(run: Run) -> Any:
    return np.int64(0xFFFFFFFF)

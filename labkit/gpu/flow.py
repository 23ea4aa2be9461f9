"""Compiles branches and loops of a kernel.

Lanes part at a branch and meet behind it: each side works on values of its own, which are then
chosen from by lane, as the phi nodes of a compiler's static single assignment do (Cytron et al.,
"Efficiently computing static single assignment form", TOPLAS 1991).
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.gpu.lanes import Mask
from labkit.gpu.run import Run
from labkit.gpu.scalars import INT64
from labkit.gpu.statements import Statements
from labkit.gpu.turning import Step, Turning, pick, retyped
from labkit.gpu.typed import Compute, Expr, Type

_TYPING_ROUNDS = 8


@dataclass
class Loop:
    """What leaves a loop early, while it is compiled, and how its names are known behind it."""

    number: int
    exits: list[dict[str, Type]] = field(default_factory=list)
    latches: list[dict[str, Type]] = field(default_factory=list)


class Flow(Statements):
    """Compiles statements that contain others."""

    def __init__(self, *arguments: Any) -> None:
        """See Expressions."""
        super().__init__(*arguments)
        self.loops: list[Loop] = []

    def _do_if(self, node: ast.If) -> Step:
        test = self.truth(node.test).compute
        self.count(node, "control")
        line, before = node.lineno, self.types
        self.types = dict(before)
        yes, after_yes = self.block(node.body), self.types
        self.types = dict(before)
        no = self.block(node.orelse)
        self.types, merge = self._meet(node, after_yes, self.types)

        def branch(run: Run) -> None:
            chosen, entry = test(run), run.mask
            taken, rest = entry.both(chosen), entry.without(chosen)
            run.ledger.lines[line]["branches"] += entry.warps
            if rest.is_empty or taken.is_empty:
                (yes if rest.is_empty else no)(run)
                merge(run, None, None, None)
                return
            run.ledger.lines[line]["divergent_branches"] += taken.split_warps(rest)
            frame = run.frame
            run.frame, run.mask = list(frame), taken
            yes(run)
            left, left_mask = run.frame, run.mask
            run.frame, run.mask = frame, rest
            no(run)
            if run.mask.is_empty:
                run.frame, run.mask = left, left_mask
            elif not left_mask.is_empty:
                merge(run, chosen, left, run.frame)
                both = left_mask is taken and run.mask is rest
                run.mask = entry if both else left_mask.either(run.mask)

        return branch

    def _meet(
        self, node: ast.AST, one: dict[str, Type], other: dict[str, Type]
    ) -> tuple[dict[str, Type], Callable[[Run, Any, Any, Any], None]]:
        """Return the types behind a branch, and what chooses the values by lane."""
        types, slots, parting = {}, [], self.parting(node)
        for name in {**one, **other}:
            types[name] = self.common(node, name, one.get(name), other.get(name))
            slots.append((self.slots[name], types[name]))

        def merge(run: Run, chosen: Any, left: Any, right: Any) -> None:
            frame = run.frame
            for slot, kind in slots:
                if left is None:
                    frame[slot] = retyped(frame[slot], kind)
                else:
                    frame[slot] = pick(chosen, left[slot], right[slot], kind, parting)

        return types, merge

    def _do_while(self, node: ast.While) -> Step:
        if node.orelse:
            raise self.no(node, "else of a loop")

        def parts() -> tuple[Compute, Step, int]:
            site = self.new_site().number
            test = self.truth(node.test).compute
            self.count(node, "control")
            return test, self.block(node.body), site

        return self._loop(node, parts, lambda run: None)

    def _do_for(self, node: ast.For) -> Step:
        call = node.iter
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "range"
            and 1 <= len(call.args) <= 3
            and isinstance(node.target, ast.Name)
            and not node.orelse
        ):
            raise self.no(node, "this loop", "for i in range(…)")
        bounds = [self.scalar(argument).to(INT64) for argument in call.args]
        zero, one = Expr(INT64, lambda run: np.int64(0), 0), Expr(INT64, lambda run: np.int64(1), 1)
        start, stop, step = ([zero, *bounds, one] if len(bounds) == 1 else [*bounds, one])[:3]
        self._numbers += 1
        hidden = [self._slot(f"{self._numbers} {what}") for what in ("next", "stop", "step")]

        def begin(run: Run) -> None:
            for slot, bound in zip(hidden, (start, stop, step), strict=True):
                run.frame[slot] = bound.compute(run)

        name = node.target

        def parts() -> tuple[Compute, Step, int]:
            site = self.new_site().number
            self.count(node, "control")
            self.count(node, "int")
            bind = self._bind_name(name, Expr(INT64, lambda run: run.frame[hidden[0]]))
            body = self.block(node.body)

            def turn(run: Run) -> None:
                bind(run)
                run.frame[hidden[0]] = run.frame[hidden[0]] + run.frame[hidden[2]]
                body(run)

            return lambda run: _goes_on(*(run.frame[slot] for slot in hidden)), turn, site

        types = self.types
        self.types = types | dict.fromkeys((f"{self._numbers} next",), INT64)
        return self._loop(node, parts, begin)

    def _loop(
        self,
        node: ast.For | ast.While,
        parts: Callable[[], tuple[Compute, Step, int]],
        begin: Step,
    ) -> Step:
        """Compile a loop; its names are typed until nothing changes any more (a fixed point)."""
        entry = dict(self.types)
        for _ in range(_TYPING_ROUNDS):
            self._numbers += 1
            loop = Loop(self._numbers)
            self.loops.append(loop)
            self.types = dict(entry)
            test, body, site = parts()
            self.loops.pop()
            head, behind = dict(entry), dict(entry)
            for types in (self.types, *loop.latches):
                behind = self._meet(node, behind, types)[0]
                known = {name: kind for name, kind in types.items() if name in entry}
                head = self._meet(node, head, known)[0]
            if head == entry:
                break
            entry = head
        for types in loop.exits:
            behind = self._meet(node, behind, types)[0]
        self.types = behind
        return Turning(
            *(node.lineno, begin, test, body, site, loop.number),
            *(self._plan(entry), self._plan(behind), self.parting(node)),
        )

    def _plan(self, types: dict[str, Type]) -> list[tuple[int, Type]]:
        return [(self.slots[name], kind) for name, kind in types.items() if name in self.slots]

    def _do_break(self, node: ast.Break) -> Step:
        return self._leave(node, "exits")

    def _do_continue(self, node: ast.Continue) -> Step:
        return self._leave(node, "latches")

    def _leave(self, node: ast.stmt, way: str) -> Step:
        if not self.loops:
            raise self.module.error(node, f"{ast.unparse(node)} outside a loop")
        loop = self.loops[-1]
        getattr(loop, way).append(dict(self.types))
        key = (loop.number, way)

        def leave(run: Run) -> None:
            run.leaving.setdefault(key, []).append((run.mask, list(run.frame)))
            run.mask = Mask(run.shape, np.False_)

        return leave


def _goes_on(here: Any, stop: Any, step: Any) -> Any:
    if step.ndim == 0:
        return here < stop if step > 0 else here > stop
    return np.where(step > 0, here < stop, here > stop)

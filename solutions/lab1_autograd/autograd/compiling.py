"""A compiler: from a graph of operations to a program of few passes over memory.

The machine that programs are for, and what it counts, is `labkit.vector`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labkit.vector import COMMUTATIVE, REDUCTIONS, Graph, Kernel, Node, Program, Step


def compile(graph: Graph) -> Program:
    """Return a program that computes the outputs of `graph`, cheaply.

    Nodes that say the same are computed once (for add, mul and max, in either order of arguments);
    nodes that no output needs, not at all. A node is computed in the first pass for which its
    arguments are ready. What a pass needs of an earlier one goes through a buffer, stored once and
    loaded once a pass. A buffer is used again, for a value of the same shape, in the pass after the
    last that needs what it held. No counter of `labkit.vector.run` may be above what this gives.

    Source: A. Aho et al., "Compilers", 2nd ed., 2006, chapters 8 and 9 (value
    numbering, liveness).
    """
    # BEGIN SOLUTION: number values, drop the useless, cut into passes, assign buffers; 6 lines
    nodes, outputs = _numbered(graph)
    needed = _needed(nodes, outputs)
    passes = _passes(nodes, needed)
    buffers = _buffers(nodes, passes, outputs)
    kernels = tuple(_kernel(nodes, group, buffers) for group in _grouped(passes))
    return Program(kernels, tuple(buffers[i] for i in outputs))
    # END SOLUTION


# BEGIN SOLUTION: functions of your own, if you like
def _numbered(graph: Graph) -> tuple[list[Node], list[int]]:
    """Return the nodes without repetitions, and the outputs by their new numbers."""
    nodes: list[Node] = []
    number_of: dict[Node, int] = {}
    new: list[int] = []  # by old number
    for node in graph.nodes:
        args = tuple(new[i] for i in node.args)
        node = Node(node.op, tuple(sorted(args)) if node.op in COMMUTATIVE else args)
        if node.op == "input" or node not in number_of:  # two inputs are never the same
            number_of[node] = len(nodes)
            nodes.append(node)
        new.append(number_of[node])
    return nodes, [new[i] for i in graph.outputs]


def _needed(nodes: Sequence[Node], outputs: Sequence[int]) -> set[int]:
    """Return what the outputs depend on, without the inputs of the graph."""
    needed: set[int] = set()
    todo = list(outputs)
    while todo:
        i = todo.pop()
        if i not in needed and nodes[i].op != "input":
            needed.add(i)
            todo.extend(nodes[i].args)
    return needed


def _passes(nodes: Sequence[Node], needed: set[int]) -> dict[int, int]:
    """Return the earliest pass of each needed node: a reduction is ready one pass later."""
    passes: dict[int, int] = {}
    for i in sorted(needed):
        ready = [passes[j] + (nodes[j].op in REDUCTIONS) for j in nodes[i].args if j in passes]
        passes[i] = max(ready, default=0)
    return passes


def _grouped(passes: Mapping[int, int]) -> list[list[int]]:
    """Return the nodes of each pass, in order."""
    groups: list[list[int]] = [[] for _ in range(max(passes.values(), default=-1) + 1)]
    for i, number in passes.items():
        groups[number].append(i)
    return groups


def _buffers(
    nodes: Sequence[Node], passes: Mapping[int, int], outputs: Sequence[int]
) -> dict[int, int]:
    """Return a buffer for each input of the graph, and for each value that outlives its pass.

    Linear scan: a buffer is free again in the pass after the last one that loads from it.
    """
    buffers = {i: i for i, node in enumerate(nodes) if node.op == "input"}
    last = {i: passes[i] for i in passes}  # the last pass that needs each value
    for user, number in passes.items():
        for i in nodes[user].args:
            last[i] = max(last.get(i, 0), number)
    last.update((i, len(nodes)) for i in outputs)
    narrow = _narrow(nodes)
    free: dict[bool, list[int]] = {True: [], False: []}  # by shape
    count = len(buffers)
    for number, group in enumerate(_grouped(passes)):
        for i in passes:
            if i in buffers and last[i] == number - 1:
                free[narrow[i]].append(buffers[i])
        for i in (i for i in group if last[i] > number):
            buffers[i] = free[narrow[i]].pop() if free[narrow[i]] else count
            count = max(count, buffers[i] + 1)
    return buffers


def _narrow(nodes: Sequence[Node]) -> list[bool]:
    """Return which values have one column only."""
    narrow: list[bool] = []
    for node in nodes:
        of_narrow = bool(node.args) and all(narrow[i] for i in node.args)
        narrow.append(node.op in REDUCTIONS or of_narrow)
    return narrow


def _kernel(nodes: Sequence[Node], group: Sequence[int], buffers: Mapping[int, int]) -> Kernel:
    """Return the pass that computes `group`."""
    inside = set(group)
    loaded = dict.fromkeys(i for user in group for i in nodes[user].args if i not in inside)
    register = {i: number for number, i in enumerate([*loaded, *group])}
    return Kernel(
        loads=tuple(buffers[i] for i in loaded),
        steps=tuple(Step(nodes[i].op, tuple(register[j] for j in nodes[i].args)) for i in group),
        stores=tuple((register[i], buffers[i]) for i in group if i in buffers),
    )


# END SOLUTION

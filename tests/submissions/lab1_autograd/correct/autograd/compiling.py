"""A compiler: from a graph of operations to a program of few passes over memory.

The machine that programs are for, and what it counts, is `labkit.vector`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

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
    nodes, outputs = _numbered(graph)
    needed = _needed(nodes, outputs)
    passes = _passes(nodes)
    return _program(nodes, outputs, needed, passes)


def _numbered(graph: Graph) -> tuple[list[Node], list[int]]:
    """Return the different values of a graph, arguments renumbered, and the outputs among them."""
    nodes: list[Node] = []
    known: dict[tuple[str, tuple[int, ...]], int] = {}
    value: list[int] = []  # of each node of the graph
    for node in graph.nodes:
        args = tuple(value[i] for i in node.args)
        key = node.op, tuple(sorted(args)) if node.op in COMMUTATIVE else args
        if node.op == "input" or key not in known:
            known[key] = len(nodes)
            nodes.append(Node(node.op, args))
            value.append(len(nodes) - 1)
        else:
            value.append(known[key])
    return nodes, [value[i] for i in graph.outputs]


def _needed(nodes: Sequence[Node], outputs: Sequence[int]) -> set[int]:
    """Return the values that the outputs depend on."""
    needed, todo = set(outputs), list(outputs)
    while todo:
        new = set(nodes[todo.pop()].args) - needed
        needed |= new
        todo += new
    return needed


def _passes(nodes: Sequence[Node]) -> list[int]:
    """Return the first pass in which each value can be computed; -1 for an input."""
    passes: list[int] = []
    for node in nodes:
        ready = [passes[i] + (nodes[i].op in REDUCTIONS) for i in node.args]
        passes.append(-1 if node.op == "input" else max(0, *ready))
    return passes


def _program(
    nodes: Sequence[Node], outputs: Sequence[int], needed: set[int], passes: Sequence[int]
) -> Program:
    """Return the program: what each pass loads, computes and stores, and where."""
    work = [i for i in sorted(needed) if passes[i] >= 0]
    last: dict[int, float] = dict.fromkeys(work, -1.0)  # the last pass that needs a value
    for i in work:
        last |= {a: max(last[a], passes[i]) for a in nodes[i].args if a in last}
    last |= dict.fromkeys((i for i in outputs if i in last), math.inf)
    thin: list[bool] = []  # of one column?
    for node in nodes:
        of_thin = bool(node.args) and all(thin[a] for a in node.args)
        thin.append(node.op in REDUCTIONS or of_thin)

    inputs = sum(node.op == "input" for node in nodes)
    place = {i: i for i in range(inputs)}  # the buffer of each value
    count, held, kernels = inputs, list[int](), list[Kernel]()
    free: dict[bool, list[int]] = {True: [], False: []}
    for now in range(1 + max((passes[i] for i in work), default=-1)):
        for i in [i for i in held if last[i] < now]:
            held.remove(i)
            free[thin[i]].append(place[i])
        mine = [i for i in work if passes[i] == now]
        loads = sorted({a for i in mine for a in nodes[i].args if passes[a] < now})
        register = {i: n for n, i in enumerate([*loads, *mine])}
        steps = [Step(nodes[i].op, tuple(register[a] for a in nodes[i].args)) for i in mine]
        stored = [i for i in mine if last[i] > now]
        for i in stored:
            if not free[thin[i]]:
                free[thin[i]].append(count)
                count += 1
            place[i] = free[thin[i]].pop()
        held += stored
        stores = tuple((register[i], place[i]) for i in stored)
        kernels.append(Kernel(tuple(place[i] for i in loads), tuple(steps), stores))
    return Program(tuple(kernels), tuple(place[i] for i in outputs))

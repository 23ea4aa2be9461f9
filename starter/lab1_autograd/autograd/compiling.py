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
    raise NotImplementedError("number values, drop the useless, cut into passes, assign buffers; 6 lines")


# Write here: functions of your own, if you like

"""Exercise B2, hidden. A graph is a list of [operation, arguments], and a list of outputs."""

from dataclasses import asdict

import numpy as np

from autograder.judge import assert_close, award, exercise
from labkit.vector import Graph, Node, evaluate, from_plain, run

UNARY, BINARY, REDUCTIONS = ("neg", "tanh"), ("add", "sub", "mul", "max"), ("row_sum", "row_max")
COUNTERS = ("kernels", "operations", "moved", "scratch")


def grown(inputs, *parts):
    """Return nodes: so many inputs, then the parts."""
    return [["input", []]] * inputs + [[op, list(args)] for op, *args in parts]


def exponentials():
    """The nodes that softmax and its logarithm begin with."""
    return [("row_max", 0), ("sub", 0, 1), ("exp", 2), ("row_sum", 3)]


FUNCTIONS = [  # as they are written down, with their repetitions
    (grown(1, *exponentials(), ("div", 3, 4)), [5]),
    (grown(1, *exponentials(), ("log", 4), ("sub", 2, 5)), [6]),
    (  # x - weighted mean, over the root of the weighted variance
        grown(
            2,
            *[("mul", 0, 1), ("row_sum", 2), ("row_sum", 1), ("div", 3, 4), ("sub", 0, 5)],
            *[("mul", 6, 6), ("mul", 1, 7), ("row_sum", 8), ("row_sum", 1), ("div", 9, 10)],
            *[("sqrt", 11), ("sub", 0, 5), ("div", 13, 12)],
        ),
        [14],
    ),
]

CORNERS = [
    (grown(2, ("sub", 0, 1), ("add", 1, 1)), [2, 3]),  # inputs that look the same are two
    (grown(3, ("max", 1, 2)), [1, 3, 3, 0, 1]),
    (grown(2, ("exp", 0)), []),
    (grown(1), [0]),
    (  # the same, again and again, in both orders
        grown(
            2,
            *[("add", 0, 1), ("add", 1, 0), ("mul", 2, 0), ("mul", 0, 3), ("max", 4, 5)],
            *[("max", 5, 4), ("tanh", 6), ("tanh", 7), ("sub", 8, 9), ("row_sum", 8)],
        ),
        [10, 4, 5, 11],
    ),
    (grown(1, ("row_sum", 0), ("row_max", 1), ("sub", 0, 2), ("neg", 0)), [4]),  # the rest is dead
    (grown(2, ("sub", 0, 1), ("sub", 1, 0), ("div", 0, 1), ("div", 1, 0)), [2, 3, 4, 5]),
    (grown(1, ("row_sum", 0), ("row_max", 0), ("sub", 1, 2), ("row_sum", 3)), [3, 4, 1]),
    (grown(1, ("tanh", 0), ("row_sum", 1), ("row_max", 2), ("add", 3, 2), ("sub", 1, 4)), [1, 5]),
    (grown(2, ("row_sum", 0), ("row_sum", 1), ("row_max", 0), ("row_max", 1), ("mul", 2, 5)), [6]),
]


def random_graph(rng, size=30):
    """Return a graph in which much is said twice, some of it with the arguments exchanged."""
    inputs = int(rng.integers(1, 4))
    nodes = grown(inputs)
    while len(nodes) < inputs + size:
        if len(nodes) > inputs and rng.random() < 0.3:
            op, args = nodes[int(rng.integers(inputs, len(nodes)))]
            nodes.append([op, args[:: int(rng.choice([-1, 1]))]])
            continue
        op = str(rng.choice((UNARY, BINARY, REDUCTIONS, BINARY)[rng.integers(4)]))
        recent = rng.integers(max(0, len(nodes) - 8), len(nodes), size=1 + (op in BINARY))
        nodes.append([op, [int(i) for i in recent]])
    return nodes, [int(i) for i in rng.choice(len(nodes), size=4)]


def wide_graph(rng, width=7):
    """Return many short branches of one input: all of them fit into two passes."""
    parts, sums = [("tanh", 0)], []
    for _ in range(width):
        scaled = len(parts)
        parts += [("add", scaled, 0), (str(rng.choice(REDUCTIONS)), 1 + scaled)]
        sums.append(len(parts))
    last = len(parts)
    for branch in sums:
        parts.append(("mul", last, branch))
        last = len(parts)
    return grown(1, *parts), [last]


def deep_graph(*early, depth=7):
    """Return reductions of reductions: what one pass made is useless two passes later."""
    parts, last = [], 0
    for _ in range(depth):
        parts += [("row_max", last), ("sub", last, 1 + len(parts)), ("tanh", 2 + len(parts))]
        last = len(parts)
    return grown(1, *parts), [*early, last]


def idle_graph():
    """Return two wide values with a long way between, on which only narrow ones are stored."""
    parts = [("tanh", 0), ("row_max", 1), ("sub", 1, 2), ("row_sum", 3), ("tanh", 4)]
    parts += [("row_sum", 5), ("sub", 0, 6), ("row_max", 7), ("sub", 7, 8), ("mul", 9, 5)]
    return grown(1, *parts), [10]


def uneven_graph():
    """Return narrow values that die when wide ones are stored, and the other way round."""
    parts = [("row_sum", 0), ("row_max", 0), ("mul", 1, 2), ("row_sum", 3)]  # narrow ones die
    parts += [("mul", 0, 4), ("sub", 5, 0), ("row_max", 5), ("row_sum", 6)]  # wide ones, stored
    parts += [("mul", 5, 8), ("mul", 6, 7), ("add", 9, 10), ("row_sum", 11)]  # wide ones die
    parts += [("row_max", 12), ("row_max", 11), ("sub", 13, 14), ("sub", 12, 15)]
    parts += [("row_sum", 16), ("sub", 17, 16), ("sub", 0, 18)]
    return grown(1, *parts), [19]


DEEP = [deep_graph(), deep_graph(1, 3, 2), idle_graph(), uneven_graph()]


def some_graphs(rng):
    return [*(random_graph(rng) for _ in range(8)), wide_graph(rng), *DEEP]


def costs(student, rng, graphs):
    """Yield what each program costs, once its outputs are those of its graph.

    Raises:
        ProgramError: there is nothing that the machine could run.
    """
    programs = student.run("many", "compiled", [list(graph) for graph in graphs])
    for program, (nodes, outputs) in zip(programs, graphs, strict=True):
        graph = Graph(tuple(Node(op, tuple(args)) for op, args in nodes), tuple(outputs))
        yield checked(program, graph, matrices(rng, nodes))


def matrices(rng, nodes):
    """Return inputs for a graph, all of one shape."""
    shape = rng.choice([2, 3, 7, 13], size=2)
    return [rng.uniform(0.5, 1.5, size=shape) for op, _ in nodes if op == "input"]


def checked(program, graph, inputs):
    """Run a program, compare its outputs, and count."""
    values, counters = run(from_plain(program), inputs)
    for mine, want in zip(values, evaluate(graph, inputs), strict=True):
        assert_close(mine, want, rtol=1e-9, atol=1e-12)
    return asdict(counters)


def paired(student, reference, rng, graphs):
    """Return pairs of what the student's and the reference's programs cost on the same inputs."""
    seed = int(rng.integers(2**31))
    mine = list(costs(student, np.random.default_rng(seed), graphs))
    return list(zip(mine, costs(reference, np.random.default_rng(seed), graphs), strict=True))


def check_counters(pairs, *counters):
    """Let no counter be above the reference's on any graph."""
    for mine, bound in pairs:
        for name in counters:
            assert mine[name] <= bound[name], f"{name}: {mine[name]}, bound {bound[name]}"


@exercise("compiling", points=1, hint="Outputs may be inputs, or named twice; x - y is not y - x.")
def test_values_of_compiled_graphs(student, rng):
    """Outputs on graphs with corners, deep, wide and random ones."""
    for _ in costs(student, rng, [*CORNERS, *FUNCTIONS, *some_graphs(rng)]):
        pass


@exercise("compiling", points=1, hint="Count what softmax needs, pass by pass, on paper.")
def test_known_functions_are_cheap(student, reference, rng):
    """Softmax, its logarithm and a normalisation: passes, operations, traffic, scratch."""
    pairs = paired(student, reference, rng, FUNCTIONS)
    good = [all(mine[name] <= bound[name] for mine, bound in pairs) for name in COUNTERS]
    award(sum(good) / len(COUNTERS))


@exercise(
    "compiling", points=0.5, hint="Name each value by what it is made of; keep what is needed."
)
def test_nothing_is_computed_twice(student, reference, rng):
    """Elements computed, on graphs that repeat themselves and hold what nobody needs."""
    check_counters(paired(student, reference, rng, [*CORNERS, *some_graphs(rng)]), "operations")


@exercise(
    "compiling", points=0.5, hint="Fuse all that waits for no reduction; load and store once."
)
def test_passes_and_traffic(student, reference, rng):
    """Passes over memory, and elements moved in them."""
    check_counters(
        paired(student, reference, rng, [*CORNERS, *some_graphs(rng)]), "kernels", "moved"
    )


@exercise("compiling", points=1, hint="A buffer is free once the last pass that loads it is over.")
def test_scratch_memory(student, reference, rng):
    """Scratch memory, on graphs whose values live long and short."""
    check_counters(paired(student, reference, rng, [*CORNERS, *some_graphs(rng)]), "scratch")

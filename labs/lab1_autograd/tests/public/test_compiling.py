"""Exercise B2, public. A graph is a list of [operation, arguments]; arguments are earlier nodes."""

from dataclasses import asdict

from autograder.judge import assert_close, case, exercise
from labkit.vector import Graph, Node, evaluate, from_plain, run

SOFTMAX = [
    ["input", []],
    ["row_max", [0]],
    ["sub", [0, 1]],
    ["exp", [2]],
    ["row_sum", [3]],
    ["div", [3, 4]],
]
REPEATED = [
    ["input", []],
    ["input", []],
    ["add", [0, 1]],
    ["add", [1, 0]],
    ["sub", [0, 1]],
    ["sub", [1, 0]],
    ["mul", [2, 3]],
    ["mul", [4, 5]],
]
GRAPHS = {
    "softmax": (SOFTMAX, [5]),
    "a + b, a - b and b - a, multiplied": (REPEATED, [6, 7]),
    "an input, and one output twice": ([["input", []], ["tanh", [0]]], [0, 1, 1]),
}


@exercise("compiling", points=0.5, hint="A step may use registers, not what another pass computed.")
def test_programs_compute_their_graphs(student, rng):
    """Outputs of compiled graphs, run on random matrices."""
    programs = student.run("many", "compiled", [list(graph) for graph in GRAPHS.values()])
    for (name, graph), program in zip(GRAPHS.items(), programs, strict=True):
        with case(name, nodes=graph[0], outputs=graph[1], program=program):
            cost_of(program, *graph, [rng.normal(size=(7, 5)) for _ in range(2)])


@exercise("compiling", points=0.5, hint="Two reductions, one needing the other: three passes.")
def test_softmax_is_cheap(student, rng):
    """What softmax costs: passes, elements moved and computed, and scratch memory."""
    rows, columns = 13, 7
    cost = cost_of(
        student.run("compiled", SOFTMAX, [5]), SOFTMAX, [5], [rng.normal(size=(rows, columns))]
    )
    wide = rows * columns
    # Loaded: x, x, e. Stored: e, y; and the two reductions, once each.
    most = {
        "kernels": 3,
        "moved": 5 * wide + 4 * rows,
        "operations": 3 * wide + 2 * rows,
        "scratch": 2 * wide + 2 * rows,
    }
    for counter, bound in most.items():
        assert cost[counter] <= bound, f"{counter}: {cost[counter]}, where {bound} are enough"


def cost_of(program, nodes, outputs, inputs):
    """Run a program and compare its outputs with those of the graph; return what it cost."""
    graph = Graph(tuple(Node(op, tuple(args)) for op, args in nodes), tuple(outputs))
    inputs = inputs[: sum(node.op == "input" for node in graph.nodes)]
    values, counters = run(from_plain(program), inputs)
    for mine, want in zip(values, evaluate(graph, inputs), strict=True):
        assert_close(mine, want, rtol=1e-9, atol=1e-12)
    return asdict(counters)

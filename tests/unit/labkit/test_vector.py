"""The vector machine computes what graphs mean, counts what programs cost, and refuses the rest."""

import warnings

import numpy as np
import pytest

from labkit import vector
from labkit.vector import (
    Counters,
    Graph,
    Kernel,
    Node,
    Program,
    ProgramError,
    Step,
    evaluate,
    from_plain,
    run,
    to_plain,
)

X = np.arange(6.0).reshape(2, 3)
INPUT = Node("input")

# Centre the rows at their maximum: buffer 1 holds it, buffer 2 the result.
MAXIMUM = Kernel((0,), (Step("row_max", (0,)),), ((1, 1),))
CENTRED = Kernel((0, 1), (Step("sub", (0, 1)),), ((2, 2),))
PROGRAM = Program((MAXIMUM, CENTRED), (2,))
PLAIN = {
    "kernels": [
        {"loads": [0], "steps": [{"op": "row_max", "args": [0]}], "stores": [[1, 1]]},
        {"loads": [0, 1], "steps": [{"op": "sub", "args": [0, 1]}], "stores": [[2, 2]]},
    ],
    "outputs": [2],
}


def kernel(loads=(0,), steps=(("neg", 0),), stores=((1, 1),)):
    """Return a program of one pass; what it stores is its output."""
    made = Kernel(loads, tuple(Step(op, args) for op, *args in steps), stores)
    return Program((made,), tuple(buffer for _, buffer in stores))


def test_a_program_runs_and_is_counted():
    (out,), cost = run(PROGRAM, [X])
    np.testing.assert_array_equal(out, X - X.max(axis=1, keepdims=True))
    # moved: 6 in, 2 out; 6 and 2 in, 6 out. Narrow values count as narrow.
    assert cost == Counters(kernels=2, moved=22, operations=8, scratch=8)


def test_a_buffer_counts_at_its_largest():
    again = Kernel((2,), (Step("row_sum", (0,)),), ((1, 1), (0, 3)))
    _, cost = run(Program((*PROGRAM.kernels, again), (1, 3)), [X])
    assert cost.scratch == 2 + 6 + 6
    grown = Kernel((2,), (), ((0, 1),))
    _, cost = run(Program((*PROGRAM.kernels, grown), (1,)), [X])
    assert cost.scratch == 6 + 6


def test_what_is_stored_twice_and_what_is_only_copied_is_counted():
    _, cost = run(kernel(loads=(0, 0), steps=(), stores=((0, 1), (1, 2))), [X])
    assert cost == Counters(kernels=1, moved=24, operations=0, scratch=12)


def test_inputs_and_nothing_may_be_outputs():
    outputs, cost = run(Program((), (0, 0)), [X])
    assert [out is X for out in outputs] == [True, True]
    assert cost == Counters(0, 0, 0, 0)
    assert run(Program((), ()), []) == ([], Counters(0, 0, 0, 0))


@pytest.mark.parametrize("op", [*vector.BINARY, *vector.UNARY, *vector.REDUCTIONS])
def test_graph_and_program_mean_the_same(op):
    args = (0, 1) if op in vector.BINARY else (0,)
    inputs = [X + 1.0, X[::-1] + 2.0]
    (want,) = evaluate(Graph((INPUT, INPUT, Node(op, args)), (2,)), inputs)
    (got,), _ = run(Program((Kernel((0, 1), (Step(op, args),), ((2, 2),)),), (2,)), inputs)
    np.testing.assert_array_equal(got, want)
    assert want.shape == ((2, 1) if op in vector.REDUCTIONS else (2, 3))


def test_known_values():
    nodes = (INPUT, INPUT, Node("sub", (0, 1)), Node("row_sum", (2,)), Node("div", (2, 3)))
    ratio, first, again = evaluate(Graph(nodes, (4, 0, 4)), [X, X * X - 1.0])
    difference = X - (X * X - 1.0)
    np.testing.assert_allclose(ratio, difference / difference.sum(axis=1)[:, None])
    assert first is X
    assert again is ratio


def test_numbers_out_of_range_are_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (out,), _ = run(kernel(steps=(("log", 0),)), [-X])
    assert np.isnan(out[1, 0])
    assert out[0, 0] == -np.inf


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (kernel(loads=(1,)), "there is no buffer 1 yet"),
        (Program((), (1,)), "there is no buffer 1 yet"),
        (kernel(steps=(("neg", 1),)), "there is no register 1 yet"),
        (kernel(steps=(("neg", -1),)), "there is no register -1 yet"),
        (kernel(stores=((2, 1),)), "there is no register 2 yet"),
        (kernel(stores=((1, 0),)), "buffer 0 is an input, or loaded or stored by this pass"),
        (kernel(stores=((1, -1),)), "buffer -1 is an input"),
        (kernel(stores=((0, 1), (1, 1))), "buffer 1 is an input, or loaded or stored"),
        (kernel(steps=(("row_sum", 0), ("neg", 1))), "neg uses a reduction before the end"),
        (kernel(steps=(("row_sum", 0), ("add", 0, 1))), "add uses a reduction before the end"),
        (kernel(steps=(("neg", 0, 0),)), "there is no operation 'neg' of 2 arguments"),
        (kernel(steps=(("add", 0),)), "there is no operation 'add' of 1 arguments"),
        (kernel(steps=(("row_sum", 0, 0),)), "there is no operation 'row_sum' of 2 arguments"),
        (kernel(steps=(("input",),)), "there is no operation 'input' of 0 arguments"),
    ],
)
def test_a_program_that_cannot_run_is_refused(program, says):
    with pytest.raises(ProgramError) as refusal:
        run(program, [X])
    assert says in str(refusal.value)


def test_a_pass_may_not_store_into_what_it_loads():
    in_place = Kernel((2,), (Step("neg", (0,)),), ((1, 2),))
    with pytest.raises(ProgramError, match="buffer 2 is"):
        run(Program((*PROGRAM.kernels, in_place), (2,)), [X])


@pytest.mark.parametrize(
    ("graph", "says"),
    [
        (Graph((INPUT, Node("neg", (1,))), (1,)), "there is no node 1 yet"),
        (Graph((INPUT, Node("neg", (-1,))), (1,)), "there is no node -1 yet"),
        (Graph((INPUT,), (1,)), "there is no node 1 yet"),
        (Graph((INPUT, INPUT), (0,)), "there is no input 1 yet"),
        (Graph((INPUT, Node("sum", (0,))), (1,)), "there is no operation 'sum' of 1 arguments"),
    ],
)
def test_a_graph_that_means_nothing_is_refused(graph, says):
    with pytest.raises(ProgramError) as refusal:
        evaluate(graph, [X])
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    "inputs",
    [
        [X, X[:, :1]],
        [X, X.T],
        [X.astype(np.float32)],
        [X[0]],
        [X[:, :0]],
    ],
)
def test_inputs_are_matrices_of_one_shape(inputs):
    for call in (lambda: run(Program((), ()), inputs), lambda: evaluate(Graph((), ()), inputs)):
        with pytest.raises(ValueError, match="float64 matrices of one shape"):
            call()


def test_plain_data_and_back():
    assert from_plain(to_plain(PROGRAM)) == PROGRAM
    assert from_plain(PLAIN) == PROGRAM


def with_kernel(**changed):
    return {"kernels": [PLAIN["kernels"][0] | changed], "outputs": []}


@pytest.mark.parametrize(
    "plain",
    [
        None,
        "program",
        [],
        3.0,
        {},
        np.zeros(3),
        PLAIN | {"outputs": None},
        PLAIN | {"outputs": [True]},
        PLAIN | {"outputs": [-1]},
        PLAIN | {"outputs": [1.0]},
        PLAIN | {"outputs": np.zeros(2, int)},
        PLAIN | {"outputs": "01"},
        PLAIN | {"kernels": 1},
        PLAIN | {"kernels": ["kernel"]},
        PLAIN | {"kernels": [[]]},
        with_kernel(loads=[None]),
        with_kernel(steps=[{"op": "neg"}]),
        with_kernel(steps=["neg"]),
        with_kernel(steps=[{"op": "neg", "args": [[0]]}]),
        with_kernel(stores=[0]),
        with_kernel(stores=[[0]]),
        with_kernel(stores=[[0, 1, 2]]),
    ],
)
def test_what_is_no_program_is_refused(plain):
    with pytest.raises(ProgramError, match="this is no program"):
        from_plain(plain)


def test_an_unknown_operation_is_named_in_brief():
    plain = with_kernel(steps=[{"op": "x" * 1000, "args": [0]}])
    with pytest.raises(ProgramError) as refusal:
        run(from_plain(plain), [X])
    assert len(str(refusal.value)) < 100


def test_a_program_too_long_to_run_is_refused():
    most = vector.MAX_PARTS
    empty = {"loads": [], "steps": [], "stores": []}
    step = {"op": "neg", "args": [0]}
    for plain in (
        {"kernels": [empty] * (most + 1), "outputs": []},
        {"kernels": [], "outputs": [0] * (most + 1)},
        {"kernels": [empty | {"loads": [0] * most}], "outputs": []},
        {"kernels": [empty | {"steps": [step] * most}], "outputs": []},
        {"kernels": [empty | {"stores": [[0, 1]] * most}], "outputs": []},
    ):
        with pytest.raises(ProgramError, match="more than"):
            from_plain(plain)
    longest = {"kernels": [empty] * (most - 1), "outputs": [0]}
    assert run(from_plain(longest), [X])[1].kernels == most - 1

"""Reductions: the order in which they add, and where results and indices go."""

import numpy as np
import pytest

from tests.unit.labkit.npu.vectors import COUNT, DTYPES, REPEAT, Done, run_one, same, vector

DST, A, B = 0, 4096, 8192
NATURAL = (1, 1, 1, 8, 8, 8)


def tree(values: np.ndarray) -> np.ndarray:
    """Sum pairs of neighbours, rounding each sum to the type."""
    while len(values) > 1:
        values = (values[::2].astype("f4") + values[1::2].astype("f4")).astype(values.dtype)
    return values[0]


def reduced(
    vector_program, op: str, dtype: str, values: np.ndarray, count: int = COUNT, **more
) -> Done:
    return run_one(vector_program, vector(op, dtype, (DST, A), count, **more), {A: values})


@pytest.mark.parametrize("dtype", ["f16", "f32"])
def test_a_sum_is_a_tree_in_each_repeat_then_one_after_another(vector_program, dtype):
    width = 256 // DTYPES[dtype].itemsize
    values = np.random.default_rng(4).normal(size=3 * width + 5).astype(DTYPES[dtype])
    done = run_one(
        vector_program,
        vector("reduce_sum", dtype, (DST, A, None, B), count=len(values)),
        {A: values},
    )
    padded = np.concatenate([values, np.zeros(width - 5, values.dtype)]).reshape(-1, width)
    total = tree(padded[0])
    for row in padded[1:]:
        total = (np.float32(total) + np.float32(tree(row))).astype(values.dtype)
    assert done.array(dtype, DST, 1)[0] == total
    assert sum(size for write, _, at, size in done.runs if write and at == B) == 32


def test_a_sum_of_halves_stops_at_the_largest(vector_program):
    values = np.zeros(128, np.float16)
    values[:4] = 60000, 60000, -30000, 100  # the documentation's example; 29900 is 29904 as half
    sums = reduced(
        vector_program,
        "block_reduce_sum",
        "f16",
        values,
        REPEAT,
        repeats=1,
        chosen=(1 << 128) - 1,
        param=NATURAL,
    )
    assert sums.array("f16", DST, 2).tolist() == [np.float16(65504 - 29904), 0]


@pytest.mark.parametrize("op,find", [("max", np.argmax), ("min", np.argmin)])
def test_maxima_tell_the_first_place(vector_program, op, find):
    values = np.random.default_rng(5).integers(-50, 50, 300).astype(np.float16)
    instruction = vector(f"reduce_{op}", "f16", (DST, A, None, B), count=300, flags=2)
    done = run_one(vector_program, instruction, {A: values})
    assert done.array("f16", DST, 1)[0] == values[find(values)]
    assert done.array("u16", DST + 2, 1)[0] == find(values)
    alone = run_one(vector_program, vector(f"reduce_{op}", "f16", (DST, A), count=300), {A: values})
    assert alone.touched(True) == {0, 1}


def test_reductions_of_each_repeat(vector_program):
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(3, 64)).astype(np.float32)
    mask = (1 << 50) - 1
    more = {"repeats": 3, "chosen": mask, "param": (0, 1, 0, 2, 8)}
    done = {
        op: reduced(vector_program, op, "f32", rows, REPEAT, **more, detail=detail)
        for op, detail in [
            ("whole_reduce_sum", 0),
            ("repeat_reduce_sum", 0),
            ("whole_reduce_max", 0),
            ("whole_reduce_min", 3),
            ("block_reduce_max", 0),
            ("pair_reduce_sum", 0),
        ]
    }
    cut = np.where(np.arange(64) < 50, rows, 0).astype(np.float32)
    sums = np.array([tree(row) for row in cut])
    for op in ("whole_reduce_sum", "repeat_reduce_sum"):
        assert same(done[op].array("f32", DST, 6)[::2], sums)
    pairs = done["whole_reduce_max"].array("f32", DST, 10)
    assert same(pairs[::4], rows[:, :50].max(1))
    assert pairs[1::4].copy().view(np.uint32).tolist() == rows[:, :50].argmax(1).tolist()
    indices = done["whole_reduce_min"].array("u32", DST, 6)[::2]
    assert indices.tolist() == rows[:, :50].argmin(1).tolist()
    blocks = done["block_reduce_max"].array("f32", DST, 40).reshape(-1, 8)[::2]
    assert same(blocks[:, :6], rows[:, :48].reshape(3, 6, 8).max(2))
    neighbours = done["pair_reduce_sum"].array("f32", DST, 160).reshape(-1, 32)[::2]
    assert same(neighbours, cut[:, ::2] + cut[:, 1::2])

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
    assert done.touched(True) == set(range(values.itemsize))  # and not the work tensor


@pytest.mark.parametrize("dtype,repeats", [("f16", 5), ("f32", 64), ("f32", 70)])
def test_a_sum_by_repeats_is_a_tree_of_their_sums_too(vector_program, dtype, repeats):
    width, kind = 256 // DTYPES[dtype].itemsize, DTYPES[dtype]
    values = np.random.default_rng(4).normal(size=(8, width)).astype(kind)
    instruction = vector(
        "reduce_sum",
        dtype,
        (DST, A, None, B),
        REPEAT,
        repeats=repeats,
        chosen=(1 << width) - 1,
        param=(0, 1, 0, 0, 1),  # 32 bytes further on each time
    )
    rows = np.lib.stride_tricks.sliding_window_view(np.tile(values.ravel(), 3), width)
    sums = np.array([tree(row) for row in rows[:: 32 // kind.itemsize][:repeats]], kind)
    while len(sums) > 1:
        padded = np.concatenate([sums, np.zeros(-len(sums) % width, kind)]).reshape(-1, width)
        sums = np.array([tree(row) for row in padded], kind)
    done = run_one(vector_program, instruction, {A: np.tile(values.ravel(), 3)})
    assert done.array(dtype, DST, 1)[0] == sums[0]
    work = sum(size for write, _, at, size in done.runs if write and at == B)
    assert work == -(-repeats * kind.itemsize // 32) * 32


@pytest.mark.parametrize(
    "dtype,repeats,count,flags,size",
    [
        ("f16", 65, 0, 2, 352),  # the documentation's examples
        ("f16", 255, 0, 2, 1088),
        ("f16", 4, 0, 2, 64),
        ("f32", 130, 0, 2, 1152),
        ("f32", 130, 0, 0, 1056),
        ("f16", 0, 2 * 128 + 127, 0, 32),
        ("f16", 0, 100, 2, 64),
    ],
)
def test_maxima_need_as_much_work_space_as_documented(
    vector_program, dtype, repeats, count, flags, size
):
    more = {"count": count} if count else {"repeats": repeats, "chosen": 1, "param": (0, 1)}
    form = COUNT if count else REPEAT
    instruction = vector("reduce_max", dtype, (DST, A, None, B), form, flags=flags, **more)
    done = run_one(vector_program, instruction, {A: np.zeros(512, DTYPES[dtype])})
    assert [run[3] for run in done.runs if run[0] and run[2] == B] == [size]


def test_a_sum_of_halves_overflows_to_infinity(vector_program):
    values = np.zeros(128, np.float16)
    values[:4] = 60000, 60000, -30000, 100
    values[16:18] = 60000, 5500
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
    assert sums.array("f16", DST, 3).tolist() == [np.inf, 65504, 0]


@pytest.mark.parametrize("op,width", [("block_reduce_max", 8), ("pair_reduce_sum", 2)])
def test_what_the_mask_leaves_out_as_a_whole_gives_no_result(vector_program, op, width):
    values = np.arange(64, dtype=np.float32)
    mask = 1 << 9 | 1 << 50
    before = np.full(32, -1, np.float32)
    instruction = vector(op, "f32", (DST, A), REPEAT, repeats=1, chosen=mask, param=NATURAL)
    done = run_one(vector_program, instruction, {DST: before, A: values})
    want = before.copy()
    want[[9 // width, 50 // width]] = 9, 50
    assert same(done.array("f32", DST, 32), want)
    assert done.touched(True) == {
        byte for e in (9, 50) for byte in range(e // width * 4, e // width * 4 + 4)
    }


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
    assert same(neighbours[:, :25], (cut[:, ::2] + cut[:, 1::2])[:, :25])

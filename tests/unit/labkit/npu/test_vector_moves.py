"""Moves of vector instructions: brcb, gather, gather_mask, transpose, duplicate, indices."""

import numpy as np

from tests.unit.labkit.npu.vectors import COUNTER, REPEAT, holding, run_all, run_one, same, vector

DST, A, B = 0, 4096, 8192


def test_moves(vector_program):
    rng = np.random.default_rng(7)
    words = rng.integers(0, 2**16, 512).astype(np.uint16)
    offsets = (rng.permutation(300) * 2).astype(np.uint32)
    numbers = words[:256].view(np.uint32)
    spread, taken, turned, filled, counted = run_all(
        vector_program,
        [
            (
                vector("brcb", "u32", (DST, A), REPEAT, repeats=2, param=(1, 0, 0, 8)),
                holding({A: numbers}),
            ),
            (vector("gather", "u16", (DST, A, B), count=300), holding({A: words, B: offsets})),
            (vector("transpose", "u16", (DST, A), count=256), holding({A: words})),
            (vector("duplicate", "i16", (DST,), count=77, value=-5), holding({})),
            (vector("create_vec_index", "f16", (DST,), count=300, value=2000), holding({})),
        ],
    )
    assert same(spread.array("u32", DST, 128), np.repeat(numbers[:16], 8))
    assert same(taken.array("u16", DST, 300), words[offsets // 2])
    assert same(turned.array("u16", DST, 256), words[:256].reshape(16, 16).T.ravel())
    assert same(filled.array("i16", DST, 77), np.full(77, -5, np.int16))
    assert same(counted.array("f16", DST, 300), np.arange(2000, 2300).astype("f4").astype("f2"))


def test_gather_mask(vector_program):
    rng = np.random.default_rng(8)
    values = rng.integers(0, 2**31, 256).astype(np.uint32)
    bits = rng.integers(0, 256, 16).astype(np.uint8)
    own = np.unpackbits(bits, bitorder="little").astype(bool)
    by_pattern = {1: np.s_[::2], 2: np.s_[1::2], 3: np.s_[::4], 6: np.s_[3::4], 7: np.s_[:]}
    for pattern, which in by_pattern.items():
        instruction = vector(
            "gather_mask", "u32", (DST, A), REPEAT, repeats=2, detail=pattern, param=(0, 1, 0, 0, 8)
        )
        done = run_one(vector_program, instruction, {A: values})
        want = values[:128].reshape(2, 64)[:, which].ravel()
        assert done.result == len(want)
        assert same(done.array("u32", DST, len(want)), want)
        assert done.touched(True) == set(range(len(want) * 4))
    instruction = vector(
        "gather_mask",
        "u32",
        (DST, A, B),
        COUNTER,
        count=100,
        repeats=1,
        source="u32",
        param=(0, 1, 0, 0, 8, 8),
    )
    done = run_one(vector_program, instruction, {A: values, B: bits})
    want = values[:100][own[:100]]
    assert (done.result, same(done.array("u32", DST, len(want)), want)) == (len(want), True)
    assert done.touched(False) == {*range(A, A + 400), *range(B, B + 13)}

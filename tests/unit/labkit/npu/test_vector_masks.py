"""Masks and strides of vector instructions, against a walk over elements by the documented rule."""

import dataclasses
import itertools

import numpy as np
import pytest

from tests.unit.labkit.npu.vectors import (
    COUNTER,
    DTYPES,
    REPEAT,
    holding,
    run_all,
    run_one,
    same,
    vector,
)

DST, A, B = 0, 4096, 8192
RINT = 1
NATURAL = (1, 1, 1, 8, 8, 8)


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def places(at: int, size: int, block: int, repeat: int, elements: list[tuple[int, int]]):
    """Where elements (repeat, index) of an operand lie, by the documented strides."""
    return [at + r * repeat * 32 + e * size // 32 * block * 32 + e * size % 32 for r, e in elements]


def pick(ub: np.ndarray, dtype: str, where: list[int]) -> np.ndarray:
    size = DTYPES[dtype].itemsize
    return np.concatenate([ub[at : at + size] for at in where]).view(DTYPES[dtype])


def chosen(mask: int, width: int, repeats: int) -> list[tuple[int, int]]:
    return [(r, e) for r in range(repeats) for e in range(width) if mask >> e & 1]


def clean(rng: np.random.Generator) -> np.ndarray:
    """A UB without NaN, whatever it is taken for."""
    return holding({0: rng.integers(0, 100, 8192).astype(np.uint16)}, rng)


def masks(rng: np.random.Generator, width: int) -> list[int]:
    some = int.from_bytes(rng.bytes(16), "little") % (1 << width) or 1
    return [(1 << width) - 1, (1 << 7) - 1, 1 << width - 1, some]


@pytest.mark.parametrize("op,dtype", [("add", "f16"), ("mul", "i32"), ("max", "i16")])
def test_masks_and_strides(vector_program, op, dtype):
    rng = np.random.default_rng(1)
    size, compute = DTYPES[dtype].itemsize, {"add": np.add, "mul": np.multiply, "max": np.maximum}
    strides = [NATURAL, (1, 1, 0, 8, 8, 1), (2, 1, 1, 16, 0, 8), (1, 0, 3, 9, 1, 25), (1,) * 6]
    for param, mask in itertools.product(strides, masks(rng, 256 // size)):
        ub = clean(rng)
        instruction = vector(op, dtype, (DST, A, B), REPEAT, repeats=3, chosen=mask, param=param)
        done = run_all(vector_program, [(instruction, ub)])[0]
        want, written, read = ub.copy(), set(), set()
        for repeat, element in chosen(mask, 256 // size, 3):
            to, a, b = (
                places(at, size, param[i], param[3 + i], [(repeat, element)])[0]
                for i, at in enumerate((DST, A, B))
            )
            value = compute[op](pick(want, dtype, [a]), pick(want, dtype, [b]))
            want[to : to + size] = value.astype(DTYPES[dtype]).view(np.uint8)
            written |= set(range(to, to + size))
            read |= {*range(a, a + size), *range(b, b + size)}
        assert same(done.ub, want), (param, mask)
        assert (done.touched(True), done.touched(False)) == (written, read)


def test_a_mask_beyond_a_repeat_is_all_of_it_and_a_mask_of_nothing_does_nothing(vector_program):
    ub, full = clean(np.random.default_rng(2)), (1 << 64) - 1
    wide = vector("adds", "f32", (DST, A), REPEAT, repeats=2, chosen=full, value=1, param=NATURAL)
    cases = [
        (dataclasses.replace(wide, mask=mask, count=count), ub)
        for mask, count in [((full, 0), 64), ((full, 7), 0), ((full, 7), 67), ((0, 0), 0)]
    ]
    whole, beyond, many, none = run_all(vector_program, cases)
    assert [each.code for each in (whole, beyond, many, none)] == ["", *["MASK_RANGE"] * 3]
    assert same(beyond.ub, whole.ub) and same(many.ub, whole.ub) and not same(whole.ub, ub)
    assert same(none.ub, ub) and not none.runs
    outside = dataclasses.replace(wide, mask=(full, 7), param=(1, 1, 1, 8, 600))
    assert run_all(vector_program, [(outside, ub)])[0].code == "UB_OOB"


def test_repeats_to_one_place_accumulate(vector_program):
    rows = np.arange(4 * 64, dtype=np.float32).reshape(4, 64)
    instruction = vector(
        "add",
        "f32",
        (DST, DST, A),
        REPEAT,
        repeats=4,
        chosen=(1 << 64) - 1,
        param=(1, 1, 1, 0, 0, 8),
    )
    done = run_one(vector_program, instruction, {DST: np.zeros(64, np.float32), A: rows})
    assert same(done.array("f32", DST, 64), rows.sum(0))


def test_counter_mode_counts_elements_in_all(vector_program):
    ub = clean(np.random.default_rng(2))
    instruction = vector(
        "adds", "f16", (DST, A), COUNTER, count=200, value=1, param=(1, 1, 0, 16, 8)
    )
    done = run_all(vector_program, [(instruction, ub)])[0]
    elements = [(e // 128, e % 128) for e in range(200)]
    want = ub.copy()
    got = pick(ub, "f16", places(A, 2, 1, 8, elements)).astype(np.float32) + 1
    for at, value in zip(places(DST, 2, 1, 16, elements), got.astype(np.float16), strict=True):
        want[at : at + 2] = np.array([value]).view(np.uint8)
    assert same(done.ub, want)
    assert (done.used, done.needed) == (2, 2)


def test_a_cast_works_on_repeats_of_the_wider_type(vector_program):
    ub = clean(np.random.default_rng(3))
    widen = vector(
        "cast",
        "f32",
        (DST, A),
        REPEAT,
        source="f16",
        repeats=2,
        chosen=(1 << 64) - 1,
        param=(1, 1, 0, 8, 4),
    )
    narrow = vector(
        "cast",
        "f16",
        (DST, A),
        REPEAT,
        source="f32",
        repeats=2,
        chosen=(1 << 40) - 1,
        param=(1, 1, 0, 4, 8),
        detail=RINT,
    )
    wide, thin = run_all(vector_program, [(widen, ub), (narrow, ub)])
    assert same(wide.array("f32", DST, 128), ub[A : A + 256].view("f2").astype("f4"))
    rows = ub[A : A + 512].view("f4").reshape(2, 64)[:, :40].astype("f2")
    assert same(thin.array("f16", DST, 128).reshape(2, 64)[:, :40], rows)
    assert (thin.used, thin.needed) == (2, 2)


def test_compare_by_repeats_leaves_out_what_the_mask_does(vector_program):
    a, b = (np.random.default_rng(s).integers(0, 3, 128).astype("f4") for s in (9, 10))
    instruction = vector(
        "compare", "f32", (DST, A, B), REPEAT, repeats=2, chosen=0xFF00FF, param=NATURAL
    )
    done = run_one(vector_program, instruction, {A: a, B: b})
    keep = np.resize([1, 0, 1, 0, 0, 0, 0, 0], 16).astype(np.uint8) * 255
    assert same(done.array("u8", DST, 16), np.packbits(a < b, bitorder="little") & keep)

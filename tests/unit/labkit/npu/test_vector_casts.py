"""Cast: each pair of types and each way to round, against exact fractions."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from tests.unit.labkit.npu.vectors import DTYPES, holding, run_all, run_one, same, vector

DST, A = 0, 4096
NONE, RINT, FLOOR, CEIL, ROUND, TRUNC, ODD = range(7)


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def whole(value: Fraction, mode: int) -> int:
    """Round to a whole number."""
    if mode in (NONE, RINT):
        return round(value)
    if mode == ROUND:
        return math.floor(abs(value) + Fraction(1, 2)) * (1 if value > 0 else -1)
    if mode == ODD:
        low = math.floor(value)
        return low if low == value or low % 2 else low + 1
    return {FLOOR: math.floor, CEIL: math.ceil, TRUNC: math.trunc}[mode](value)


def as_float(value: float | int, bits: int, least: int, most: float, mode: int) -> float:
    """Round to a floating-point type of `bits`, with exponents from `least`."""
    if value == 0 or not math.isfinite(value):
        return float(value)
    length = value.bit_length() if isinstance(value, int) else math.frexp(value)[1]
    exponent = max(length - 1, least)
    step = Fraction(2) ** (exponent - bits + 1)
    rounded = whole(Fraction(value) / step, mode) * step
    return math.copysign(float(min(max(rounded, -Fraction(most)), Fraction(most))), value)


FORMATS = {"f16": (11, -14, 65504.0), "bf16": (8, -126, float.fromhex("0x1.fep127"))}
FORMATS["f32"] = (24, -126, float.fromhex("0x1.fffffep127"))


def cast_want(values: np.ndarray, to: str, mode: int) -> np.ndarray:
    """What Cast makes of `values`, element by element."""
    if to in FORMATS:
        floats = [as_float(v.item(), *FORMATS[to], mode) for v in values]
        if to == "bf16":
            return (np.array(floats, np.float32).view(np.uint32) >> 16).astype(np.uint16)
        return np.array(floats).astype(DTYPES[to])
    bounds = np.iinfo(DTYPES[to])
    wanted = []
    for v in (x.item() for x in values):
        if math.isinf(v):
            wanted.append(bounds.max if v > 0 else bounds.min)
        else:
            number = 0 if math.isnan(v) else whole(Fraction(v), mode)
            wanted.append(min(max(number, bounds.min), bounds.max))
    return np.array(wanted, DTYPES[to])


TIES = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49, 1.51, -1.49, 7.0, -0.0, np.inf, -np.inf]
FLOAT_SOURCES = [
    *TIES,
    1e9,
    -1e9,
    3e38,
    1 + 2**-11,
    1 + 3 * 2**-11,
    1 + 2**-8,
    65519,
    65520,
    2**-25,
]
FLOAT_SOURCES += [3 * 2**-25, -(2**-26), 2.0**63, -(2.0**63), 127.5, 255.5, -128.5, 32767.5]
INTEGERS = [0, 1, -1, 2049, 2051, -2049, 32767, -32768, 100]
LARGE = [*INTEGERS, 2**24 + 1, 2**24 + 3, -(2**24) - 1, 2**31 - 1, -(2**31)]
HUGE = [*LARGE, 2**40 + 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**62 + 2**38]
PAIRS = {
    "f16": ({"f32", "i32", "i16", "i8", "u8"}, [*TIES, np.nan, 65504, -300, 200.5]),
    "f32": ({"f32", "f16", "bf16", "i64", "i32", "i16"}, [*FLOAT_SOURCES, np.nan]),
    "i16": ({"f16", "f32"}, INTEGERS),
    "i32": ({"f32", "f16", "i64", "i16"}, LARGE),
    "i64": ({"f32", "i32"}, HUGE),
    "u8": ({"f16"}, [0, 1, 255]),
    "i8": ({"f16"}, [0, -128, 127]),
}


DIRECTED = (RINT, FLOOR, CEIL, ROUND, TRUNC)
FREE = (NONE, *DIRECTED)
# Those that the documentation has for a 910B, by source and target.
MODES = {
    **{("f16", to): DIRECTED for to in ("i32", "i16")},
    **{("f16", to): FREE for to in ("i8", "u8")},
    **{("f32", to): DIRECTED for to in ("f32", "bf16", "i64", "i32", "i16")},
    **{("f32", "f16"): (*FREE, ODD), ("i16", "f16"): FREE, ("i64", "f32"): DIRECTED},
    **{("i32", "f32"): FREE, ("bf16", "i32"): DIRECTED},
}


def test_modes_that_a_pair_has_not_are_refused(vector_program):
    pairs = [(source, to) for source, (targets, _) in PAIRS.items() for to in sorted(targets)]
    pairs = [pair for pair in [*pairs, ("bf16", "f32"), ("bf16", "i32")] if pair != ("i32", "f16")]
    cases = list(itertools.product(pairs, range(8)))
    given = holding({A: np.zeros(16)})
    done = run_all(
        vector_program,
        [
            (vector("cast", to, (DST, A), count=16, source=source, detail=mode), given)
            for (source, to), mode in cases
        ],
    )
    for (pair, mode), each in zip(cases, done, strict=True):
        want = "" if mode in MODES.get(pair, (NONE,)) else "TYPE_UNSUPPORTED"
        assert each.code == want, (pair, mode)


def test_an_int_becomes_a_half_by_way_of_the_scale(vector_program):
    given = np.array([0, 1, -3, 2049, 70000, -(2**31), 2**31 - 1, 100003], np.int32)
    cast = vector("cast", "f16", (DST, A), count=8, source="i32", detail=CEIL, value=0.75)
    want = np.array([as_float(v * 0.75, *FORMATS["f16"], RINT) for v in given.tolist()], "f2")
    assert same(run_one(vector_program, cast, {A: given}).array("f16", DST, 8), want)
    unset = vector("cast", "f16", (DST, A), count=8, source="i32")
    assert run_one(vector_program, unset, {A: given}).code == "DEQ_SCALE_NOT_SET"


@pytest.mark.parametrize("source", PAIRS)
def test_casts_round_by_mode_and_saturate(vector_program, source):
    targets, values = PAIRS[source]
    given = np.array(values).astype(DTYPES[source])
    cases, wanted = [], []
    for to, mode in itertools.product(sorted(targets), range(ODD + 1)):
        if mode not in MODES.get((source, to), (NONE,)) or (source, to) == ("i32", "f16"):
            continue
        instruction = vector("cast", to, (DST, A), count=len(given), source=source, detail=mode)
        cases.append((instruction, holding({A: given})))
        if to == source:
            whole_numbers = {FLOOR: np.floor, CEIL: np.ceil, TRUNC: np.trunc}.get(mode, np.rint)
            away = np.trunc(given + np.copysign(np.float32(0.5), given))
            wanted.append(away if mode == ROUND else whole_numbers(given))
        else:
            wanted.append(cast_want(given, to, mode))
    for (instruction, _), done, want in zip(
        cases, run_all(vector_program, cases), wanted, strict=True
    ):
        got = done.array(instruction.dtype, DST, len(given))
        if instruction.dtype == "bf16":
            got, want = got.copy(), want.copy()
            got[-1] = want[-1] = 0 if got[-1] & 0x7FFF > 0x7F80 else 1
        assert same(got, want), (source, instruction.dtype, instruction.detail)


def test_bfloat_widens_exactly(vector_program):
    bits = np.arange(0, 65536, 37, dtype=np.uint16)
    floats = (bits.astype(np.uint32) << 16).view(np.float32)
    widen = vector("cast", "f32", (DST, A), count=1000, source="bf16")
    done = run_one(vector_program, widen, {A: bits})
    assert same(done.array("f32", DST, 1000), floats[:1000])

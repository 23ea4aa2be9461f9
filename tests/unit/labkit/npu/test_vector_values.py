"""What vector instructions compute, against NumPy: elementwise, by count."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from tests.unit.labkit.npu import native
from tests.unit.labkit.npu.vectors import DTYPES, holding, run_all, run_one, same, vector

DST, A, B, MASK = 0, 4096, 8192, 12288
ODD_COUNT = 301  # more than a plane of the implementation, and no multiple of anything
SPECIAL = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 65504.0, 6e-8, -3e-5, 2048.5]


def numbers(dtype: str, rng: np.random.Generator, count: int = ODD_COUNT) -> np.ndarray:
    """Random elements of a type, the odd ones among them."""
    if dtype in ("f16", "f32"):
        values = rng.normal(size=count) * np.exp2(rng.integers(-12, 12, count))
        values[: len(SPECIAL)] = rng.permutation(SPECIAL)
        return values.astype(DTYPES[dtype])
    bounds = np.iinfo(DTYPES[dtype])
    values = rng.integers(bounds.min, bounds.max, count, DTYPES[dtype], endpoint=True)
    values[:2] = bounds.min, bounds.max
    return values


def wide(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32) if values.dtype == np.float16 else values


def exactly(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float64)


FLOATS, NUMBERS, SHORTS = ("f16", "f32"), ("f16", "f32", "i16", "i32"), ("i16", "u16")
BINARY = {
    "add": (NUMBERS, lambda a, b: wide(a) + wide(b)),
    "sub": (NUMBERS, lambda a, b: wide(a) - wide(b)),
    "mul": (NUMBERS, lambda a, b: wide(a) * wide(b)),
    "div": (FLOATS, lambda a, b: wide(a) / wide(b)),
    "max": (NUMBERS, np.maximum),
    "min": (NUMBERS, np.minimum),
    "bit_and": (SHORTS, np.bitwise_and),
    "bit_or": (SHORTS, np.bitwise_or),
    "add_relu": (("f16", "f32", "i16"), lambda a, b: np.maximum(wide(a) + wide(b), 0)),
}
SCALAR = {
    "adds": (NUMBERS, BINARY["add"][1]),
    "muls": (NUMBERS, BINARY["mul"][1]),
    "maxs": (NUMBERS, np.maximum),
    "mins": (NUMBERS, np.minimum),
    "leaky_relu": (FLOATS, lambda a, s: np.where(a < 0, wide(a) * wide(s), wide(a))),
}
UNARY = {
    "exp": (FLOATS, lambda a: np.exp(exactly(a))),
    "ln": (FLOATS, lambda a: np.log(exactly(a))),
    "sqrt": (FLOATS, lambda a: np.sqrt(exactly(a))),
    "rsqrt": (FLOATS, lambda a: 1 / np.sqrt(exactly(a))),
    "reciprocal": (FLOATS, lambda a: 1 / exactly(a)),
    "abs": (FLOATS, np.abs),
    "relu": (("f16", "f32", "i32"), lambda a: np.maximum(a, 0)),
    "bit_not": (SHORTS, np.invert),
}


def of(table: dict) -> list[tuple[str, str]]:
    return [(op, dtype) for op, (dtypes, _) in table.items() for dtype in dtypes]


def differs(got: np.ndarray, want: np.ndarray) -> bool:
    """Zeros of either sign are the same for maxima."""
    return not same(got + got.dtype.type(0), want + want.dtype.type(0))


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def test_two_sources(vector_program):
    rng = np.random.default_rng(1)
    cases, wanted = [], []
    for op, dtype in of(BINARY):
        a, b = numbers(dtype, rng), numbers(dtype, rng)
        instruction = vector(op, dtype, (DST, A, B), count=ODD_COUNT)
        cases.append((instruction, holding({A: a, B: b})))
        wanted.append(BINARY[op][1](a, b).astype(DTYPES[dtype]))
    for (instruction, _), done, want in zip(
        cases, run_all(vector_program, cases), wanted, strict=True
    ):
        got = done.array(instruction.dtype, DST, ODD_COUNT)
        assert not differs(got, want), (instruction.op, instruction.dtype)


def test_a_source_and_a_scalar(vector_program):
    rng = np.random.default_rng(2)
    cases, wanted = [], []
    for op, dtype in of(SCALAR):
        a, s = numbers(dtype, rng), numbers(dtype, rng)[20]
        instruction = vector(op, dtype, (DST, A), count=ODD_COUNT, value=s)
        cases.append((instruction, holding({A: a})))
        wanted.append(SCALAR[op][1](a, s).astype(DTYPES[dtype]))
    for (instruction, _), done, want in zip(
        cases, run_all(vector_program, cases), wanted, strict=True
    ):
        got = done.array(instruction.dtype, DST, ODD_COUNT)
        assert not differs(got, want), (instruction.op, instruction.dtype)


def test_one_source_in_place(vector_program):
    rng = np.random.default_rng(3)
    cases, wanted = [], []
    for op, dtype in of(UNARY):
        a = numbers(dtype, rng)
        cases.append((vector(op, dtype, (A, A), count=ODD_COUNT), holding({A: a})))
        wanted.append(UNARY[op][1](a).astype(DTYPES[dtype]))
    for (instruction, _), done, want in zip(
        cases, run_all(vector_program, cases), wanted, strict=True
    ):
        assert done.code == ""
        got = done.array(instruction.dtype, A, ODD_COUNT)
        assert not differs(got, want), (instruction.op, instruction.dtype)


def nearest(value: Fraction, dtype: str) -> float:
    """The element nearest to an exact value; the even one of two."""
    bits, least = {"f16": (11, -14), "f32": (24, -126)}[dtype]
    if value == 0:
        return 0.0
    exponent = abs(value).numerator.bit_length() - abs(value).denominator.bit_length()
    while abs(value) >= Fraction(2) ** (exponent + 1):
        exponent += 1
    while abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    step = Fraction(2) ** (max(exponent, least) - bits + 1)
    return float(round(value / step) * step)


def near_ties(dtype: str, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Three sources whose a * b + c lies close to half way between two elements."""
    a, b = (numbers(dtype, rng, 200) for _ in range(2))
    a, b = (np.where(np.isfinite(x) & (np.abs(x) < 100), x, 3).astype(x.dtype) for x in (a, b))
    ulps = rng.integers(10, 26 if dtype == "f32" else 13, 200)
    c = (exactly(a) * exactly(b) * np.exp2(ulps)).astype(a.dtype)
    return a, b, np.where(np.isfinite(c), c, 1).astype(a.dtype)


@pytest.mark.parametrize("dtype", FLOATS)
def test_fused_operations_round_once(vector_program, dtype):
    a, b, c = near_ties(dtype, np.random.default_rng(4))
    want = [
        nearest(Fraction(float(x)) * Fraction(float(y)) + Fraction(float(z)), dtype)
        for x, y, z in zip(a, b, c, strict=True)
    ]
    wanted = np.array(want).astype(DTYPES[dtype])
    done = run_all(
        vector_program,
        [
            (vector("mul_add_dst", dtype, (DST, A, B), count=200), holding({DST: c, A: a, B: b})),
            (vector("fused_mul_add", dtype, (DST, A, B), count=200), holding({DST: b, A: a, B: c})),
        ],
    )
    assert not differs(done[0].array(dtype, DST, 200), wanted)
    assert not differs(done[1].array(dtype, DST, 200), wanted)


def test_a_half_is_not_rounded_to_float_first(vector_program):
    """Results that float rounds to half way between two halves, where they are not."""
    a, b = np.float16((1 + 2**-10) * 2**-5), np.float16((1 - 2**-10) * 2**-6)
    c = np.float16(1 + 2**-10)  # a * b is less than half a step of it
    hard = np.array([8057, 9679], np.uint16).view(np.float16)
    harder = np.array([7544], np.uint16).view(np.float16)
    fused, exp, ln = run_all(
        vector_program,
        [
            (vector("mul_add_dst", "f16", (DST, A, B), count=1), holding({DST: c, A: a, B: b})),
            (vector("exp", "f16", (DST, A), count=2), holding({A: hard})),
            (vector("ln", "f16", (DST, A), count=1), holding({A: harder})),
        ],
    )
    assert fused.array("f16", DST, 1)[0] == c
    assert same(exp.array("f16", DST, 2), np.exp(exactly(hard)).astype(np.float16))
    assert same(ln.array("f16", DST, 1), np.log(exactly(harder)).astype(np.float16))


@pytest.mark.parametrize("source", FLOATS)
def test_axpy_adds_to_float_what_it_multiplied(vector_program, source):
    rng = np.random.default_rng(5)
    a, d = (rng.normal(size=ODD_COUNT).astype(DTYPES[kind]) for kind in (source, "f32"))
    instruction = vector("axpy", "f32", (DST, A), count=ODD_COUNT, value=0.3, source=source)
    done = run_one(vector_program, instruction, {A: a, DST: d})
    scale = Fraction(float(np.float32(0.3)))
    want = [
        nearest(Fraction(float(x)) * scale + Fraction(float(y)), "f32")
        for x, y in zip(a, d, strict=True)
    ]
    assert same(done.array("f32", DST, ODD_COUNT), np.array(want, np.float32))


@pytest.mark.parametrize("dtype", ["i16", "u16", "i32", "u32"])
def test_shifts(vector_program, dtype):
    values = numbers(dtype, np.random.default_rng(6))
    width = values.dtype.itemsize * 8
    for distance, rounds in itertools.product((0, 1, 5, width, width + 9), (0, 1)):
        cases = [
            (vector(op, dtype, (DST, A), count=ODD_COUNT, value=distance, detail=detail), ub)
            for op, detail in (("shift_left", 0), ("shift_right", rounds))
            for ub in [holding({A: values})]
        ]
        left, right = run_all(vector_program, cases)
        signed = dtype.startswith("i")
        half = rounds << distance >> 1 if signed else 0
        most = (1 << width - signed) - 1  # a signed number keeps its sign
        lefts = [int(v) << distance & most | int(v) & ~most for v in values]
        wanted = lefts, [int(v) + half >> distance for v in values]
        for done, want in zip((left, right), wanted, strict=True):
            full = (np.array(want, object) & (1 << width) - 1).astype(np.uint64)
            assert same(done.array(dtype, DST, ODD_COUNT), full.astype(values.dtype))


@pytest.mark.parametrize("mode,name", list(enumerate(["less", "greater", "equal"])))
def test_comparisons_write_bits(vector_program, mode, name):
    rng = np.random.default_rng(7)
    for op, more in (("compare", {}), ("compares", {"value": 2})):
        a, b = (rng.integers(0, 5, 512).astype(np.float16) for _ in range(2))
        a[3] = np.nan
        at = (DST, A, B) if op == "compare" else (DST, A)
        both = [mode, {0: 4, 1: 3, 2: 5}[mode]]  # and the mode that is its opposite
        cases = [
            (vector(op, "f16", at, count=512, detail=detail, **more), holding({A: a, B: b}))
            for detail in both
        ]
        right = b if op == "compare" else np.float16(2)
        opposite = {"less": "greater_equal", "greater": "less_equal", "equal": "not_equal"}[name]
        for done, word in zip(run_all(vector_program, cases), (name, opposite), strict=True):
            want = np.packbits(getattr(np, word)(a, right), bitorder="little")
            assert same(done.array("u8", DST, 64), want)


@pytest.mark.parametrize("dtype", FLOATS)
def test_select(vector_program, dtype):
    rng = np.random.default_rng(8)
    a, b = numbers(dtype, rng), numbers(dtype, rng)
    bits = rng.integers(0, 256, 64).astype(np.uint8)
    chosen = np.unpackbits(bits, bitorder="little").astype(bool)
    repeat = 256 // a.dtype.itemsize
    ub = {A: a, B: b, MASK: bits}
    modes = [
        (vector("select", dtype, (DST, A, B, MASK), count=ODD_COUNT, detail=2), chosen, b),
        (vector("select", dtype, (DST, A, B, MASK), count=ODD_COUNT), chosen[:repeat], b),
        (
            vector(
                "select", dtype, (DST, A, None, MASK), count=ODD_COUNT, detail=1, flags=8, value=7
            ),
            chosen,
            np.full_like(b, 7),
        ),
    ]
    for instruction, mask, right in modes:
        done = run_one(vector_program, instruction, ub)
        want = np.where(np.resize(mask, ODD_COUNT), a, right)
        assert done.array(dtype, DST, ODD_COUNT).tobytes() == want.tobytes()


def test_every_half_becomes_its_float_and_the_other_way(vector_program):
    every = np.arange(65536, dtype=np.uint16).view(np.float16)
    rng = np.random.default_rng(9)
    ties = np.arange(65536, dtype=np.uint32) << 12  # each half's neighbours, and half way
    ties = (ties + np.float32(2**-25).view(np.uint32)).astype(np.uint32)
    random = rng.integers(0, 2**32, 100_000, np.uint32)
    values = np.concatenate([ties, ties + 1, ties - 1, random]).view(np.float32)
    told = native.run(vector_program, "halves", given=values.tobytes())
    floats = np.frombuffer(told, np.float32, 65536)
    with np.errstate(all="ignore"):
        assert same(floats, every.astype(np.float32))
        pairs = np.frombuffer(told, np.uint16, offset=65536 * 4).reshape(-1, 2)
        assert same(pairs[:, 0].copy().view(np.float16), values.astype(np.float16))
    bits = values.view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    want = np.where(np.isnan(values), 0x7FC0, rounded).astype(np.uint16)
    assert same(pairs[:, 1].copy(), want)


def test_random_instructions_keep_to_what_they_say(vector_program):
    """What the rules let pass runs, in the bytes it names: under address and UB sanitizers."""
    told = native.run(vector_program, "fuzz", "30000", "1").decode().split()
    ran = dict(zip(told[::2], map(int, told[1::2]), strict=True))
    assert len(ran) == 49
    assert min(ran.values()) > 0

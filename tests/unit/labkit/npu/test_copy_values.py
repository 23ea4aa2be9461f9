"""What copies and scalar accesses do to memory, and which are refused."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from tests.unit.labkit.npu import native
from tests.unit.labkit.npu.instructions import Instruction, Operand

Bytes = npt.NDArray[np.uint8]
UB_BYTES, GM_BYTES, GM_BEGIN = 2048, 4096, 0x100000000000
VECIN, VECOUT = 9, 10
BY_COUNT, BY_BLOCK, PADDED = range(3)
ADD, MAX, MIN = 1, 2, 3


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C++ side, which stops at whatever a sanitizer finds."""
    target = tmp_path_factory.mktemp("copies") / "cases"
    return native.build("copy_cases.cpp", target, *native.SANITIZED)


class Outcome(NamedTuple):
    """What became of one instruction."""

    code: str
    stops: bool
    ub: Bytes
    gm: Bytes
    bits: int


def before() -> tuple[Bytes, Bytes]:
    """UB and GM as each case finds them."""
    source = np.random.default_rng(5)
    return source.integers(0, 256, UB_BYTES, np.uint8), source.integers(0, 256, GM_BYTES, np.uint8)


def outcome(
    program: Path,
    instruction: Instruction,
    atomic: tuple[int, int] = (0, 0),
    memory: tuple[Bytes, Bytes] | None = None,
) -> Outcome:
    ub, gm = memory or before()
    modes = np.array(atomic, np.uint32).tobytes()
    raw = native.run(program, given=instruction.pack() + modes + ub.tobytes() + gm.tobytes())
    rest = np.frombuffer(raw, np.uint8)[40:]
    return Outcome(
        raw[:32].rstrip(b"\0").decode(),
        raw[32] != 0,
        rest[:UB_BYTES],
        rest[UB_BYTES:-8],
        int.from_bytes(raw[-8:], "little"),
    )


def local(address: int, base: int = 0, size: int = UB_BYTES, position: int = VECIN) -> Operand:
    return Operand("UB", address, base, size, 0, position)


def far(address: int, base: int = 0, size: int = 0) -> Operand:
    return Operand("GM", GM_BEGIN + address, GM_BEGIN + base, size)


def copied(target: Bytes, at: int, source: Bytes) -> Bytes:
    result = target.copy()
    result[at : at + len(source)] = source
    return result


@pytest.mark.parametrize(("count", "moved", "code"), [(48, 96, ""), (47, 64, "COPY_NOT_32B")])
def test_a_count_is_rounded_down_to_32_bytes(
    program: Path, count: int, moved: int, code: str
) -> None:
    ub, gm = before()
    copy = Instruction("copy_in", (local(64), far(10)), "f16", detail=BY_COUNT, count=count)
    done = outcome(program, copy)
    assert (done.code, done.stops) == (code, False)
    assert np.array_equal(done.ub, copied(ub, 64, gm[10 : 10 + moved]))
    assert np.array_equal(done.gm, gm)


def test_copies_out_and_within(program: Path) -> None:
    ub, gm = before()
    out = Instruction("copy_out", (far(4), local(32, position=VECOUT)), "f32", count=16)
    assert np.array_equal(outcome(program, out).gm, copied(gm, 4, ub[32:96]))
    within = Instruction("copy_local", (local(1024), local(32)), "u8", count=64)
    assert np.array_equal(outcome(program, within).ub, copied(ub, 1024, ub[32:96]))


def test_blocks_and_gaps_of_32_bytes(program: Path) -> None:
    ub, gm = before()
    copy = Instruction("copy_in", (local(0), far(0)), "f16", detail=BY_BLOCK, param=(3, 2, 1, 4))
    expected = ub.copy()
    for block in range(3):
        expected[block * 192 : block * 192 + 64] = gm[block * 96 : block * 96 + 64]
    assert np.array_equal(outcome(program, copy).ub, expected)


@pytest.mark.parametrize(
    ("left", "right", "flags", "ends"),
    [(0, 0, 0, "first"), (0, 0, 1, "first"), (2, 1, 1, "value"), (0, 3, 0, "value")],
)
def test_blocks_are_padded_to_32_bytes(
    program: Path, left: int, right: int, flags: int, ends: str
) -> None:
    ub, gm = before()
    copy = Instruction(
        "copy_in",
        (local(32), far(6)),
        "f16",
        detail=PADDED,
        flags=flags,
        param=(2, 22, 10, 1, left, right),
        scalar=0x1234,
    )
    expected = ub.copy()
    for block, start in enumerate((6, 38)):
        moved = gm[start : start + 22]
        fill = moved[:2] if ends == "first" else np.array([0x34, 0x12], np.uint8)
        row = np.concatenate([np.tile(fill, left), moved, np.tile(fill, 16)])[:32]
        expected[32 + 64 * block :][:32] = row
    done = outcome(program, copy)
    assert (done.code, done.stops) == ("", False)
    assert np.array_equal(done.ub, expected)


def test_padded_copies_out_count_bytes_in_gm_and_blocks_in_ub(program: Path) -> None:
    ub, gm = before()
    operands = far(2), local(64, position=VECOUT)
    copy = Instruction("copy_out", operands, "u8", detail=PADDED, param=(3, 33, 1, 5))
    expected = gm.copy()
    for block in range(3):
        expected[2 + 38 * block :][:33] = ub[64 + 96 * block :][:33]
    assert np.array_equal(outcome(program, copy).gm, expected)


@pytest.mark.parametrize(
    ("number", "name", "dtype"),
    [
        (2, "i8", np.int8),
        (4, "i16", np.int16),
        (6, "i32", np.int32),
        (9, "f16", np.float16),
        (11, "f32", np.float32),
    ],
)
@pytest.mark.parametrize("atomic", [ADD, MAX, MIN])
def test_atomic_copies_combine(
    program: Path, number: int, name: str, dtype: type, atomic: int
) -> None:
    source = np.random.default_rng(number)
    ub, gm = before()
    size = np.dtype(dtype).itemsize
    values = source.integers(-100, 100, (2, 64)).astype(dtype)
    if np.issubdtype(dtype, np.floating):
        values = (values / 7).astype(dtype)
    ub[: 64 * size], gm[: 64 * size] = values[0].view(np.uint8), values[1].view(np.uint8)
    copy = Instruction("copy_out", (far(0), local(0, position=VECOUT)), name, count=64)
    combine = {ADD: np.add, MAX: np.maximum, MIN: np.minimum}[atomic]
    with np.errstate(over="ignore"):
        expected = copied(gm, 0, combine(values[0], values[1]).view(np.uint8))
    assert np.array_equal(outcome(program, copy, (atomic, number), (ub, gm)).gm, expected)


def test_atomic_sums_of_bfloat16_round_to_even(program: Path) -> None:
    ub, gm = before()
    ub[:32] = np.tile(np.array([0x3F80], "<u2").view(np.uint8), 16)  # 1
    gm[:4] = np.array([0x4380, 0x4381], "<u2").view(np.uint8)  # 256 and 258, 2 apart
    gm[4:32] = 0
    copy = Instruction("copy_out", (far(0), local(0, position=VECOUT)), "bf16", count=16)
    after = outcome(program, copy, (ADD, 10), (ub, gm)).gm[:6].view("<u2")
    assert [hex(each) for each in after] == ["0x4380", "0x4382", "0x3f80"]


def test_elements(program: Path) -> None:
    ub, gm = before()
    read = Instruction("get_global", (far(12),), "i32")
    assert outcome(program, read).bits == int(gm[12:16].view("<u4")[0])
    written = Instruction("set_local", (local(6),), "f16", scalar=0xABCD)
    assert np.array_equal(outcome(program, written).ub, copied(ub, 6, np.array([0xCD, 0xAB])))


IN, OUT = "copy_in", "copy_out"


@pytest.mark.parametrize(
    ("code", "stops", "instruction"),
    [
        ("", False, Instruction(IN, (local(UB_BYTES - 64), far(0)), "f16", count=32)),
        ("UB_OOB", True, Instruction(IN, (local(UB_BYTES - 64), far(0)), "f16", count=48)),
        ("UB_MISALIGNED", True, Instruction(IN, (local(2), far(0)), "f16", count=16)),
        ("UB_TENSOR_OOB", False, Instruction(IN, (local(0, 0, 32), far(0)), "f16", count=32)),
        ("", False, Instruction(IN, (local(0, 0, 64), far(0)), "f16", count=32)),
        ("", False, Instruction(IN, (local(0), far(GM_BYTES - 64)), "f16", count=32)),
        ("GM_OOB", True, Instruction(IN, (local(0), far(GM_BYTES - 62)), "f16", count=32)),
        ("GM_OOB", True, Instruction(IN, (local(0), far(-2)), "f16", count=32)),
        ("GM_TENSOR_OOB", False, Instruction(IN, (local(0), far(64, 64, 62)), "f16", count=32)),
        ("", False, Instruction(IN, (local(0), far(64, 64, 64)), "f16", count=32)),
        ("GM_MISALIGNED", True, Instruction(IN, (local(0), far(1)), "f16", count=32)),
        ("", False, Instruction(IN, (local(0), far(1)), "f16", detail=2, param=(1, 32))),
        ("COPY_PARAM", False, Instruction(IN, (local(0), far(0)), "f16", detail=2, param=(1, 9))),
        (
            "COPY_PARAM",
            True,
            Instruction(
                IN,
                (local(0), far(0)),
                "i64",
                detail=2,
                flags=1,
                param=(1, 8, 0, 0, 0, 1),
                scalar=1,
            ),
        ),
        ("GM_NOT_SET", True, Instruction(IN, (local(0), Operand()), "f16", count=32)),
        ("TENSOR_NOT_SET", True, Instruction(IN, (Operand(), far(0)), "f16", count=32)),
        ("", False, Instruction(IN, (Operand(), far(0)), "f16")),
        ("POSITION", False, Instruction(IN, (local(0, position=VECOUT), far(0)), "u8", count=32)),
        ("POSITION", False, Instruction(OUT, (far(0), local(0)), "u8", count=32)),
        ("", False, Instruction(OUT, (far(0), local(0)), "u8", detail=PADDED, param=(1, 32))),
        ("COPY_PARAM", True, Instruction(IN, (local(0), far(0)), "u8", detail=1, param=(4096, 1))),
        ("COPY_PARAM", True, Instruction(IN, (local(0), far(0)), "u8", detail=1, param=(1, 65536))),
        (
            "COPY_PARAM",
            True,
            Instruction(IN, (local(0), far(0)), "u8", detail=2, param=(1, 1 << 21)),
        ),
        ("UB_OOB", True, Instruction(IN, (local(0), far(0)), "u8", detail=2, param=(1, 65536))),
        ("", False, Instruction(IN, (local(0), far(0)), "f16", detail=2, param=(1, 2, 0, 0, 16))),
        (
            "COPY_PARAM",
            True,
            Instruction(IN, (local(0), far(0)), "f16", detail=2, param=(1, 2, 0, 0, 0, 17)),
        ),
        ("", False, Instruction("get_local", (local(UB_BYTES - 2),), "f16")),
        ("UB_OOB", True, Instruction("get_local", (local(UB_BYTES),), "f16")),
        ("UB_MISALIGNED", True, Instruction("get_local", (local(2),), "f32")),
        ("GM_TENSOR_OOB", False, Instruction("set_global", (far(8, 0, 8),), "f32")),
        ("", False, Instruction("set_flag", detail=3, count=5)),
        ("EVENT_ID_RANGE", False, Instruction("set_flag", detail=3, count=6)),
        ("EVENT_ID_RANGE", True, Instruction("wait_flag", detail=3, count=8)),
        ("EVENT_ID_RANGE", True, Instruction("set_flag", detail=13)),
        ("", False, Instruction("alloc_event", detail=3, count=7)),
        ("EVENT_ID_EXHAUSTED", True, Instruction("alloc_event", detail=3, count=8)),
        ("TYPE_UNSUPPORTED", True, Instruction("set_atomic", dtype="u8", detail=1)),
        ("", False, Instruction("set_atomic", dtype="bf16", detail=1)),
    ],
)
def test_rules(program: Path, code: str, stops: bool, instruction: Instruction) -> None:
    done = outcome(program, instruction)
    assert (done.code, done.stops) == (code, stops)
    if stops:
        assert all(np.array_equal(*pair) for pair in zip((done.ub, done.gm), before(), strict=True))


def test_forged_instructions_do_no_harm(program: Path) -> None:
    ran, copied_some = map(int, native.run(program, "fuzz", "40000").split())
    assert ran > 8_000
    assert copied_some > 400

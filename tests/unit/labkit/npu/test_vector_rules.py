"""What vector instructions are refused or warned of, which bytes they name, what they cost."""

import dataclasses

import numpy as np
import pytest

from tests.unit.labkit.npu.instructions import Instruction, Operand
from tests.unit.labkit.npu.vectors import COUNTER, REPEAT, UB, holding, run_all, vector

NATURAL = (1, 1, 1, 8, 8, 8)
FULL = (1 << 64) - 1
ADD = vector("add", "f32", (0, 4096, 8192), count=64)
MASKED = vector("add", "f32", (0, 4096, 8192), REPEAT, repeats=2, chosen=FULL, param=NATURAL)
REDUCED = vector("whole_reduce_sum", "f32", (0, 4096), REPEAT, repeats=2, chosen=FULL)
SPARSE = vector(
    "gather_mask", "f32", (0, 4096), COUNTER, count=64, repeats=1, detail=7, param=(0, 2)
)
GATHER = vector("gather", "f32", (0, 4096, 8192), count=8)


def but(instruction: Instruction, **changes: object) -> Instruction:
    return dataclasses.replace(instruction, **changes)


def at(instruction: Instruction, which: int, **changes: object) -> Instruction:
    """The instruction with another operand."""
    operands = list(instruction.operands)
    operands[which] = operands[which]._replace(**changes)
    return but(instruction, operands=tuple(operands))


RULES = {
    "": [
        ADD,
        SPARSE,
        MASKED,
        but(ADD, count=0),
        but(MASKED, repeats=0, mask=(0, 0)),
        at(ADD, 0, address=4096),  # in place
        vector("brcb", "f32", (0, 256), REPEAT, repeats=1, param=(1, 0, 0, 8)),
        at(but(REDUCED, param=(0, 1, 0, 1, 8)), 0, address=20),  # a result may lie anywhere
        but(REDUCED, repeats=255, param=(0, 1, 0, 1, 0)),
        vector("reduce_sum", "f32", (0, 4096), REPEAT, repeats=300, chosen=FULL),
        vector("cast", "f16", (0, 0), source="f32", count=100),  # narrows in place
        vector("muls", "f32", (0, 4096), COUNTER, count=70, param=(1, 1, 0, 8, 8)),
        at(ADD, 0, address=UB - 256),
    ],
    "TYPE_UNSUPPORTED": [
        but(ADD, dtype="bf16"),
        but(ADD, dtype="u8"),
        but(ADD, source="f16"),
        but(ADD, form=0),
        vector("cast", "bf16", (0, 4096), source="f16", count=16),
        vector("cast", "i32", (0, 4096), source="f32", count=16, detail=6),
        vector("cast", "f16", (0, 4096), source="f32", count=16, detail=7),
        vector("compare", "i32", (0, 4096, 8192), count=64, detail=1),
        vector("gather_mask", "f32", (0, 4096), REPEAT, repeats=1, detail=8, param=NATURAL),
        vector("brcb", "f32", (0, 4096), count=8),
        vector("copy", "f32", (0, 4096), COUNTER, count=8),
    ],
    "TENSOR_NOT_SET": [at(ADD, 1, space="none"), at(ADD, 0, space="GM")],
    "UB_MISALIGNED": [
        at(ADD, 0, address=4),
        at(MASKED, 2, address=8200),
        at(REDUCED, 1, address=4100),
        at(REDUCED, 0, address=2),
        vector("whole_reduce_max", "f16", (2, 4096), REPEAT, repeats=1, chosen=1, param=NATURAL),
        vector("block_reduce_sum", "f16", (8, 4096), REPEAT, repeats=1, chosen=1, param=NATURAL),
    ],
    "UB_OOB": [
        at(ADD, 0, address=UB - 224),
        at(ADD, 1, address=1 << 40),
        but(ADD, count=2**32 - 1),
        but(MASKED, param=(1, 1, 1, 8, 8, 500)),
        but(MASKED, param=(2**32 - 1,) * 6),
        but(REDUCED, repeats=255, param=(0, 1, 0, 100, 0)),
    ],
    "UB_TENSOR_OOB": [
        at(ADD, 0, bytes=128),
        at(ADD, 1, base=4128),
        at(MASKED, 2, base=8192, bytes=511),
        vector("reduce_max", "f32", (0, 4096, None, 8192), count=1024),
    ],
    "MASK_RANGE": [
        vector(
            "gather_mask", "f32", (0, 4096), COUNTER, count=65, repeats=1, detail=7, param=(0, 2)
        ),
    ],
    "REPEAT_RANGE": [but(MASKED, repeats=256)],
    "COUNT_NOT_256": [vector("compare", "f32", (0, 4096, 8192), count=100)],
    "OVERLAP": [
        at(ADD, 0, address=4128),
        vector("cast", "f32", (0, 0), source="f16", count=100),
        vector("brcb", "f32", (0, 64), REPEAT, repeats=1, param=(1, 0, 0, 8)),
        at(GATHER, 0, address=4096),
        but(at(GATHER, 0, address=8224), count=16),
    ],
}
RULES["UB_TENSOR_OOB"][3] = at(RULES["UB_TENSOR_OOB"][3], 3, base=8192, bytes=32)
WARNINGS = {"COUNT_NOT_256", "OVERLAP"}


@pytest.mark.parametrize("code", RULES)
def test_each_rule(vector_program, code):
    ub = holding({0: np.zeros(UB, np.uint8)})
    for instruction, done in zip(
        RULES[code],
        run_all(vector_program, [(instruction, ub) for instruction in RULES[code]]),
        strict=True,
    ):
        assert done.code == code, instruction
        if code and code not in WARNINGS | {"UB_TENSOR_OOB"}:
            assert not done.runs and not done.ub.any()


def test_offsets_of_a_gather_are_looked_at(vector_program):
    def code(offset: int, **more: int) -> str:
        offsets = np.zeros(8, np.uint32)
        offsets[5] = offset
        instruction = at(GATHER, 1, base=4096, bytes=256, **more)
        return run_all(vector_program, [(instruction, holding({8192: offsets}))])[0].code

    assert [code(4), code(252), code(256), code(2), code(UB - 4096), code(2**32 - 4)] == [
        "",
        "",
        "UB_TENSOR_OOB",
        "UB_MISALIGNED",
        "UB_OOB",
        "UB_OOB",
    ]


def test_runs_in_a_row_are_told_as_one(vector_program):
    ub = holding({})
    row, spread = run_all(
        vector_program, [(MASKED, ub), (but(MASKED, param=(1, 1, 1, 9, 8, 8)), ub)]
    )
    assert row.runs == [(0, 1, 4096, 512), (0, 1, 8192, 512), (1, 1, 0, 512)]
    assert spread.runs[2:] == [(1, 1, 0, 256), (1, 1, 288, 256)]


def test_cycles_are_those_of_the_published_tables(vector_program):
    add = vector("add", "f32", (0, 4096, 8192), count=1024)
    half_mask = but(MASKED, mask=(1, 0))
    costs = [
        (add, 22 + 16 * 2, 16, 16),
        (but(add, op="div"), 22 + 64, 16, 16),
        (vector("exp", "f16", (0, 4096), count=2000), 22 + 16 * 4, 16, 16),
        (vector("reduce_sum", "f32", (0, 4096), count=65), 22 + 2 * 3, 2, 2),
        (half_mask, 22 + 2 * 2, 2, 1),
    ]
    done = run_all(vector_program, [(cost[0], holding({})) for cost in costs])
    assert [(d.cycles, d.used, d.needed) for d in done] == [cost[1:] for cost in costs]


def test_transfers_cost_by_their_size(vector_program):
    def cost(op: str, **more: object) -> float:
        ub, gm = Operand("UB", 0, 0, 1 << 20), Operand("GM", 0, 0, 1 << 20)
        ends = (ub, gm) if op == "copy_in" else (gm, ub)
        return float(
            run_all(vector_program, [(Instruction(op, ends, "f16", **more), holding({}))])[0].cycles
        )

    assert cost("copy_in", count=4096) == pytest.approx(30 + 8192 / 25.5)
    assert cost("copy_out", count=4096) == pytest.approx(30 + 8192 / 34.5)
    assert cost("copy_in", count=6144) == pytest.approx(30 + 12288 / ((25.5 + 40.56) / 2))
    assert cost("copy_in", count=16) == cost("copy_in", count=512)
    padded = {"detail": 2, "param": (32, 33)}  # as long as 32 blocks of 64 bytes
    assert cost("copy_in", **padded) == pytest.approx(30 + 2048 / 8.04)

"""Calls that compare, select, reduce and move elements, and the instructions they must become."""

from collections.abc import Iterator

from tests.unit.labkit.npu.vector_call import (
    COUNT,
    COUNTER,
    LISTED,
    REPEAT,
    REPEATED,
    Call,
    one,
)


def compare_calls() -> Iterator[Call]:
    whole = {"repeats": 3, "mask": [2**64 - 1, 0]}
    for number, mode in enumerate(["LT", "GT", "EQ", "LE", "GE", "NE"]):
        operands: list[str | None] = ["m", "b_float", "c_float"]
        more = {"count": 128, "detail": number}
        text = f"Compare(m, b_float, c_float, CMPMODE::{mode}, 128);"
        yield Call(text, "compare", "float", operands, more=more)
        for name in ("CompareScalar", "Compares"):
            text = f"{name}(m, b_float, 1.0f, CMPMODE::{mode}, 128);"
            yield Call(text, "compares", "float", ["m", "b_float"], more={**more, **one("float")})
    text = "Compare(m, b_float, c_float, CMPMODE::GT, bits, 3, {1, 2, 3, 4, 5, 6});"
    yield Call(
        text, "compare", "float", operands, REPEAT, [1, 2, 3, 4, 5, 6], {**whole, "detail": 1}
    )
    text = "CompareScalar<float, uint8_t>(m, b_float, 1, CMPMODE::GT, 64, 3, {1, 2, 3, 4});"
    yield Call(
        text,
        "compares",
        "float",
        ["m", "b_float"],
        REPEAT,
        [1, 2, 0, 3, 4],
        {**whole, "detail": 1, **one("float")},
    )


def select_calls() -> Iterator[Call]:
    tensors: list[str | None] = ["a_half", "b_half", "c_half", "m"]
    scalar: list[str | None] = ["a_half", "b_half", None, "m"]
    strides = "{1, 2, 3, 4, 5, 6}"
    for number, mode in [(0, "VSEL_CMPMASK_SPR"), (2, "VSEL_TENSOR_TENSOR_MODE")]:
        text = f"Select(a_half, m, b_half, c_half, SELMODE::{mode}, 100);"
        yield Call(text, "select", "half", tensors, more={"count": 100, "detail": number})
    text = "Select(a_half, m, b_half, c_half, SELMODE::VSEL_TENSOR_TENSOR_MODE, bits, 3, {});"
    more = {**LISTED, "detail": 2}
    yield Call(text.format(strides), "select", "half", tensors, REPEAT, [1, 2, 3, 4, 5, 6], more)
    by_scalar = {"detail": 1, "flags": 8, **one("half")}
    text = "Select(a_half, m, b_half, half(1), SELMODE::VSEL_TENSOR_SCALAR_MODE, {});"
    yield Call(text.format("100"), "select", "half", scalar, more={"count": 100, **by_scalar})
    text = text.format(f"70, 3, {strides}")
    yield Call(
        text, "select", "half", scalar, REPEAT, [1, 2, 3, 4, 5, 6], {**REPEATED, **by_scalar}
    )


def reduce_calls() -> Iterator[Call]:
    """Reductions of all elements."""
    operands: list[str | None] = ["a_half", "b_half", None, "c_half"]
    three = "a_half, b_half, c_half"
    for name in ("Sum", "Max", "Min"):
        op = f"reduce_{name.lower()}"
        yield Call(f"Reduce{name}({three}, 100);", op, "half", operands, more={"count": 100})
        text = f"Reduce{name}<half>({three}, 70, 300, 8);"
        more = {**REPEATED, "repeats": 300}
        yield Call(text, op, "half", operands, REPEAT, [0, 1, 0, 0, 8], more)
        text = f"Reduce{name}({three}, bits, 3, 8);"
        yield Call(text, op, "half", operands, REPEAT, [0, 1, 0, 0, 8], LISTED)
    for name in ("Max", "Min"):
        op = f"reduce_{name.lower()}"
        indexed = {"flags": 2}
        text = f"Reduce{name}({three}, 100, true);"
        yield Call(text, op, "half", operands, more={"count": 100, **indexed})
        text = f"Reduce{name}({three}, 70, 3, 8, true);"
        yield Call(text, op, "half", operands, REPEAT, [0, 1, 0, 0, 8], {**REPEATED, **indexed})


def part_reduce_calls() -> Iterator[Call]:
    """Reductions of repeats, blocks and pairs, by the names of both generations."""
    two: list[str | None] = ["a_half", "b_half"]
    param = [0, 2, 0, 1, 8]
    for name in ("Sum", "Max", "Min"):
        kind = f"ReduceType::{name.upper()}"
        for whole in (f"WholeReduce{name}", f"ReduceRepeat<{kind}>"):
            op = f"whole_reduce_{name.lower()}"
            text = f"{whole}(a_half, b_half, 70, 3, 1, 2, 8);"
            yield Call(text, op, "half", two, REPEAT, param, REPEATED)
            text = f"{whole}(a_half, b_half, bits, 3, 1, 2, 8);"
            yield Call(text, op, "half", two, REPEAT, param, LISTED)
            if name != "Sum":
                text = f"{whole}(a_half, b_half, bits, 3, 1, 2, 8, ReduceOrder::ORDER_ONLY_VALUE);"
                yield Call(text, op, "half", two, REPEAT, param, {**LISTED, "detail": 2})
        op = f"block_reduce_{name.lower()}"
        text = f"BlockReduce{name}<half>(a_half, b_half, 3, 70, 1, 2, 8);"
        yield Call(text, op, "half", two, REPEAT, param, REPEATED)
        text = f"ReduceDataBlock<{kind}, half>(a_half, b_half, bits, 3, 1, 2, 8);"
        yield Call(text, op, "half", two, REPEAT, param, LISTED)
    for text in (
        "PairReduceSum(a_half, b_half, 3, 70, 1, 2, 8);",
        "ReducePairElem<ReduceType::SUM, half, half, true>(a_half, b_half, 70, 3, 1, 2, 8);",
    ):
        yield Call(text, "pair_reduce_sum", "half", two, REPEAT, param, REPEATED)
    text = "RepeatReduceSum(a_half, b_half, 3, 70, 5, 2, 1, 8);"
    yield Call(text, "repeat_reduce_sum", "half", two, REPEAT, [5, 2, 0, 1, 8], REPEATED)


def permute_calls() -> Iterator[Call]:
    two: list[str | None] = ["a_half", "b_half"]
    three: list[str | None] = [*two, "c_uint32_t"]
    text = "Gather(a_half, b_half, c_uint32_t, 64, 100);"
    yield Call(text, "gather", "half", three, COUNT, [0, 0, 0, 0, 0, 0, 64], {"count": 100})
    text = "Gather(a_half, b_half, c_uint32_t, 64, 70, 3, 8);"
    yield Call(text, "gather", "half", three, REPEAT, [0, 0, 0, 8, 0, 0, 64], REPEATED)
    text = "GatherMask(a_half, b_half, 2, false, 0, {1, 3, 8, 0}, kept);"
    more = {"repeats": 3, "detail": 2}
    yield Call(text, "gather_mask", "half", two, REPEAT, [0, 1, 0, 0, 8, 0], more)
    text = "GatherMask(a_half, b_half, c_uint16_t, true, 70, {1, 3, 8, 4}, kept);"
    more = {"repeats": 3, "count": 70, "source": "uint16_t"}
    operands: list[str | None] = [*two, "c_uint16_t"]
    yield Call(text, "gather_mask", "half", operands, COUNTER, [0, 1, 0, 0, 8, 4], more)
    text = "Brcb(a_half, b_half, 3, {1, 8});"
    yield Call(text, "brcb", "half", two, REPEAT, [1, 0, 0, 8], {"repeats": 3})
    yield Call("Transpose(a_half, b_half);", "transpose", "half", two, more={"count": 256})
    text = "Copy(a_half, b_half, 70, 3, {1, 2, 3, 4});"
    yield Call(text, "copy", "half", two, REPEAT, [1, 2, 0, 3, 4], REPEATED)
    text = "Copy<half, true>(a_half, b_half, bits, 3, {1, 2, 3, 4});"
    yield Call(text, "copy", "half", two, REPEAT, [1, 2, 0, 3, 4], LISTED)

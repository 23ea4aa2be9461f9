"""Elementwise calls in all their forms, and the instructions they must become."""

from collections.abc import Iterator
from typing import Any

from tests.unit.labkit.npu.vector_call import (
    BITS,
    COUNTER,
    FIRST_70,
    LISTED,
    REPEAT,
    REPEATED,
    Call,
    one,
    tensor,
)
from tests.unit.labkit.npu.vector_shapes import (
    compare_calls,
    part_reduce_calls,
    permute_calls,
    reduce_calls,
    select_calls,
)

FLOATS = ("half", "float")
NUMBERS = (*FLOATS, "int16_t", "int32_t")
SHORTS = ("int16_t", "uint16_t")
INTEGERS = (*SHORTS, "int32_t", "uint32_t")
WORDS = (*NUMBERS, "uint16_t", "uint32_t", "bfloat16_t")

BINARY = {
    **dict.fromkeys(["Add", "Sub", "Mul", "Max", "Min"], NUMBERS),
    **dict.fromkeys(["Div", "FusedMulAdd"], FLOATS),
    **{"And": SHORTS, "Or": SHORTS, "AddRelu": (*FLOATS, "int16_t")},
}
UNARY = {
    **dict.fromkeys(["Exp", "Ln", "Sqrt", "Rsqrt", "Reciprocal", "Abs"], FLOATS),
    **{"Relu": (*FLOATS, "int32_t"), "Not": SHORTS},
}
SCALAR = {
    **dict.fromkeys(["Adds", "Muls", "Maxs", "Mins"], NUMBERS),
    **{"LeakyRelu": FLOATS, "ShiftLeft": INTEGERS, "ShiftRight": INTEGERS},
}
OPS = {
    **{"And": "bit_and", "Or": "bit_or", "Not": "bit_not", "AddRelu": "add_relu"},
    **{"FusedMulAdd": "fused_mul_add", "LeakyRelu": "leaky_relu"},
    **{"ShiftLeft": "shift_left", "ShiftRight": "shift_right"},
}


def op_of(name: str) -> str:
    return OPS.get(name, name.lower())


def level_0(name: str, dtype: str, arguments: str, **rest: Any) -> Iterator[Call]:
    """The two masks, the register, and mode COUNTER of one level 0 call."""
    operands, param, strides = rest["operands"], rest["param"], rest["strides"]
    more = rest.get("more", {})

    def call(template: str, mask: str, form: int, fields: dict[str, Any], around: str) -> Call:
        text = around.format(f"{name}{template}({arguments}, {mask}, 3, {strides})")
        return Call(text, op_of(name), dtype, operands, form, param, {**fields, **more})

    number = 50 if dtype in ("float", "int32_t", "uint32_t") else 70
    first = {"repeats": 3, "count": number, "mask": [2 ** min(number, 64) - 1, 63 * (number > 64)]}
    yield call("", str(number), REPEAT, first, "{};")
    yield call("", "bits", REPEAT, LISTED, "{};")
    own = f"<{dtype}, false>"
    setting = f"SetVectorMask<{dtype}>(3, 0x5555); {{}}; ResetMask();"
    register = {"repeats": 3, "mask": [BITS[0], BITS[1] * (number > 64)]}
    yield call(own, "MASK_PLACEHOLDER", REPEAT, register, setting)
    counting = f"SetMaskCount(); SetVectorMask<{dtype}, MaskMode::COUNTER>(0, 999); {{}};"
    yield call(own, "MASK_PLACEHOLDER", COUNTER, {"count": 999}, counting + " SetMaskNorm();")


def binary_calls() -> Iterator[Call]:
    for name, types in BINARY.items():
        for dtype in types:
            operands = [tensor(letter, dtype) for letter in "abc"]
            text = f"{name}({', '.join(operands)}, 100);"
            yield Call(text, op_of(name), dtype, list(operands), more={"count": 100})
        yield from level_0(
            name,
            dtype,
            ", ".join(operands),
            operands=list(operands),
            strides="{1, 2, 3, 4, 5, 6}",
            param=[1, 2, 3, 4, 5, 6],
        )


def unary_calls() -> Iterator[Call]:
    for name, types in [*UNARY.items(), *SCALAR.items()]:
        for dtype in types:
            operands = [tensor(letter, dtype) for letter in "ab"]
            scalar = f", {dtype}(1)" if name in SCALAR else ""
            more = one(dtype) if name in SCALAR else {}
            arguments = f"{', '.join(operands)}{scalar}"
            text = f"{name}({arguments}, 100);"
            yield Call(text, op_of(name), dtype, list(operands), more={"count": 100, **more})
        yield from level_0(
            name,
            dtype,
            arguments,
            operands=list(operands),
            strides="{1, 2, 3, 4}",
            param=[1, 2, 0, 3, 4],
            more=more,
        )


def fill_calls() -> Iterator[Call]:
    for name, op, types in [
        ("Duplicate", "duplicate", WORDS),
        ("CreateVecIndex", "create_vec_index", NUMBERS),
    ]:
        for dtype in types:
            a = tensor("a", dtype)
            more = {"count": 100, **one(dtype)}
            yield Call(f"{name}({a}, {dtype}(1), 100);", op, dtype, [a], more=more)
            yield Call(f"{name}<{dtype}>({a}, 1, 100);", op, dtype, [a], more=more)
        text = f"{name}(a_half, half(1), 70, 3, 1, 9);"
        more = {**REPEATED, **one("half")}
        yield Call(text, op, "half", ["a_half"], REPEAT, [1, 0, 0, 9], more)
    text = "Duplicate(a_half, half(1), bits, 3, 1, 9);"
    more = {**LISTED, **one("half")}
    yield Call(text, "duplicate", "half", ["a_half"], REPEAT, [1, 0, 0, 9], more)


def mixed_calls() -> Iterator[Call]:
    """Those where dst is wider than the sources, and Cast."""
    wide = ["a_float", "b_half", "c_half"]
    half = {"source": "half"}
    listed = {**LISTED, **half}
    counted = {"count": 100, **half}
    yield Call(
        "MulAddDst(a_float, b_half, c_half, 100);", "mul_add_dst", "float", wide, more=counted
    )
    yield Call(
        "MulAddDst(a_half, b_half, c_half, 100);",
        "mul_add_dst",
        "half",
        ["a_half", "b_half", "c_half"],
        more={"count": 100},
    )
    text = "MulAddDst<float, half, true>(a_float, b_half, c_half, bits, 3, {1, 2, 3, 4, 5, 6});"
    yield Call(text, "mul_add_dst", "float", wide, REPEAT, [1, 2, 3, 4, 5, 6], listed)
    scalar = {"scalar": 0x3F800000}
    text = "Axpy(a_float, b_half, half(1), 100);"
    yield Call(text, "axpy", "float", wide[:2], more={**counted, **scalar})
    text = "Axpy<float, half, true>(a_float, b_half, 1, bits, 3, {1, 2, 3, 4});"
    yield Call(text, "axpy", "float", wide[:2], REPEAT, [1, 2, 0, 3, 4], {**listed, **scalar})
    for number, mode in enumerate(["NONE", "RINT", "FLOOR", "CEIL", "ROUND", "TRUNC", "ODD"]):
        text = f"Cast(a_half, b_float, RoundMode::CAST_{mode}, 100);"
        more = {"count": 100, "source": "float", "detail": number}
        yield Call(text, "cast", "half", ["a_half", "b_float"], more=more)
    text = "SetDeqScale(half(1)); Cast(a_half, b_int32_t, RoundMode::CAST_NONE, 100);"
    more = {"count": 100, "source": "int32_t", "scalar": 0x3C00}
    yield Call(text, "cast", "half", ["a_half", "b_int32_t"], more=more)
    text = "Cast<float, half>(a_float, b_half, RoundMode::CAST_NONE, 50, 3, {1, 2, 3, 4});"
    more = {"repeats": 3, "count": 50, "mask": [2**50 - 1, 0], **half}
    yield Call(text, "cast", "float", wide[:2], REPEAT, [1, 2, 0, 3, 4], more)


def operator_calls() -> Iterator[Call]:
    for sign, op in [("+", "add"), ("-", "sub"), ("*", "mul"), ("/", "div")]:
        operands: list[str | None] = ["a_half", "b_half", "c_half"]
        text = f"a_half = b_half {sign} c_half;"
        yield Call(text, op, "half", operands, more={"count": 1024})
    for sign, op in [("&", "bit_and"), ("|", "bit_or")]:
        operands = ["a_int16_t", "b_int16_t", "c_int16_t"]
        text = f"a_int16_t = b_int16_t {sign} c_int16_t;"
        yield Call(text, op, "int16_t", operands, more={"count": 1024})
    for number, sign in enumerate(["<", ">", "==", "<=", ">=", "!="]):
        text = f"m = b_half {sign} c_half;"
        more = {"count": 1024, "detail": number}
        yield Call(text, "compare", "half", ["m", "b_half", "c_half"], more=more)


def odd_calls() -> Iterator[Call]:
    """Arguments out of range, and forms of one operation only."""
    two: list[str | None] = ["a_half", "b_half"]
    param = [1, 1, 0, 8, 8]
    text = "ShiftRight(a_int16_t, b_int16_t, int16_t(1), 70, 3, {1, 1, 8, 8}, true);"
    more = {**REPEATED, "detail": 1, "scalar": 1}
    operands: list[str | None] = ["a_int16_t", "b_int16_t"]
    yield Call(text, "shift_right", "int16_t", operands, REPEAT, param, more)
    yield Call("Exp(a_half, b_half, 0);", "exp", "half", two)
    yield Call("Exp(a_half, b_half, -1);", "exp", "half", two, more={"count": 2**32 - 1})
    text = "Exp(a_half, b_half, 70, 0, {1, 1, 8, 8});"
    more = {"count": 70, "mask": FIRST_70}
    yield Call(text, "exp", "half", two, REPEAT, param, more)
    text = "Exp(a_half, b_half, 129, 256, {1, 1, 8, 8});"
    more = {"repeats": 256, "count": 129, "mask": [2**64 - 1] * 2}
    yield Call(text, "exp", "half", two, REPEAT, param, more)
    text = "ResetMask(); Exp<float, false>(a_float, b_float, MASK_PLACEHOLDER, 1, {1, 1, 8, 8});"
    more = {"repeats": 1, "mask": [2**64 - 1, 0]}
    yield Call(text, "exp", "float", ["a_float", "b_float"], REPEAT, param, more)
    text = "SetVectorMask<half>(70); Exp<half, false>(a_half, b_half, 0, 1, {1, 1, 8, 8});"
    yield Call(text, "exp", "half", two, REPEAT, param, {"repeats": 1, "mask": FIRST_70})
    text = "SetMaskCount(); Exp(a_half, b_half, 300, 0, {1, 1, 8, 8}); SetMaskNorm();"
    yield Call(text, "exp", "half", two, COUNTER, param, {"count": 300})
    yield from register_calls()
    text = "ArithProgression(a_float, 1.0f, 1.0f, 100);"
    more = {"count": 100, **one("float")}
    yield Call(text, "create_vec_index", "float", ["a_float"], more=more)
    yield Call(
        "Muls<half>(a_half, b_half, 1.0f, 9);", "muls", "half", two, more={"count": 9} | one("half")
    )


def register_calls() -> Iterator[Call]:
    """What calls leave in the mask register and its mode, and level 2 calls that go by them."""
    two: list[str | None] = ["a_half", "b_half"]
    param = [1, 1, 0, 8, 8]
    level_0 = "Exp<half, false>(a_half, b_half, 0, 3, {1, 1, 8, 8});"
    every = {"repeats": 3, "mask": [2**64 - 1] * 2}
    for text, op, more in [
        ("Exp(a_half, b_half, 9);", "exp", {"count": 9}),
        ("Adds(a_half, b_half, 1, 9);", "adds", {"count": 9, **one("half")}),
    ]:
        yield Call(f"SetMaskCount(); SetVectorMask<half>(70); {text}", op, "half", two, more=more)
        yield Call(level_0, "exp", "half", two, REPEAT, param, every)
    text = "SetMaskCount(); GatherMask(a_half, b_half, 2, false, 0, {1, 3, 8, 0}, kept);"
    more = {"repeats": 3, "detail": 2}
    yield Call(text, "gather_mask", "half", two, REPEAT, [0, 1, 0, 0, 8, 0], more)
    yield Call(level_0, "exp", "half", two, REPEAT, param, every)
    sums: list[str | None] = [*two, None, "c_half"]
    for text, op, operands, more in [
        ("Adds<half, false>(a_half, b_half, half(1), 1);", "adds", two, one("half")),
        ("ReduceSum<half, false>(a_half, b_half, c_half, 1);", "reduce_sum", sums, {}),
    ]:
        counting = f"SetMaskCount(); SetVectorMask<half, MaskMode::COUNTER>(99); {text}"
        yield Call(counting, op, "half", operands, more={"count": 99, **more})
        normal = f"SetMaskNorm(); SetVectorMask<half>(70); {text} ResetMask();"
        more = {"repeats": 1, "mask": FIRST_70, **more}
        yield Call(normal, op, "half", operands, REPEAT, param, more)


def all_calls() -> list[Call]:
    makers = [binary_calls, unary_calls, fill_calls, mixed_calls, compare_calls, select_calls]
    makers += [reduce_calls, part_reduce_calls, permute_calls, operator_calls, odd_calls]
    return [call for maker in makers for call in maker()]

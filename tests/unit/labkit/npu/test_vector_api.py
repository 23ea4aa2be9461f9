"""Each call of the vector API becomes the instruction that npu/vector.h promises."""

import json
import re
from typing import Any

import pytest

from labkit.npu.chips import INCLUDE
from tests.unit.labkit.npu import native
from tests.unit.labkit.npu.vector_call import Call
from tests.unit.labkit.npu.vector_calls import WORDS, all_calls

CALLS = all_calls()
SIZE = 4096  # bytes of a tensor; each has 1024 elements
PLACES = {f"{letter}_{dtype}": dtype for letter in "abc" for dtype in WORDS} | {"m": "uint8_t"}
START = {name: number * SIZE for number, name in enumerate(PLACES)}


def source() -> str:
    """One call a line; what comes before them is on the first."""
    tensors = " ".join(
        f"LocalTensor<{dtype}> {name}(TPosition::VECCALC, {START[name]}, 1024);"
        for name, dtype in PLACES.items()
    )
    own = "kept += Sign(a_half, 1);"  # its name is excluded, but the function is the student's
    before = f"{tensors} uint64_t bits[2] = {{0x5555, 3}}; uint64_t kept = 0; {own}"
    lines = "\n".join(call.text for call in CALLS)
    headers = ("kernel_operator.h", "fake_core.h", "npu/impl/vector_call.h")
    head = "".join(f'#include "{header}"\n' for header in headers) + "using namespace AscendC;\n"
    head += "uint64_t Sign(const LocalTensor<half>&, long) { return 0; }\n"
    return f"{head}int main() {{ {before}\n#line 1\n{lines}\nreturn static_cast<int>(kept); }}\n"


def expected(call: Call, line: int) -> dict[str, Any]:
    param = [*call.param, *[0] * (8 - len(call.param))]
    head = {"op": call.op, "line": line, "dtype": call.dtype, "param": param, "form": call.form}
    places = [None if name is None else START[name] for name in call.operands]
    told = {name: value for name, value in {**head, **call.more}.items() if value != 0}
    return {**told, "operands": places}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("vector_api")
    (folder / "calls.cpp").write_text(source())
    flags = ("-DNPU_PREBUILT", "-I", str(native.HERE))
    program = native.build(str(folder / "calls.cpp"), folder / "calls", *flags)
    found = [json.loads(line) for line in native.run(program).splitlines()]
    for instruction in found:
        operands = instruction["operands"]
        instruction["operands"] = [operand and operand["address"] for operand in operands]
    return found


def test_each_call_issues_one_instruction_and_the_right_one(issued):
    wanted = [expected(call, line) for line, call in enumerate(CALLS, 1)]
    assert len(issued) == len(wanted)
    for call, got, want in zip(CALLS, issued, wanted, strict=True):
        assert got == want, call.text


def test_every_vector_operation_of_the_machine_can_be_called(issued):
    names = (INCLUDE / "npu" / "names.inc").read_text()
    between = re.findall(r"NAME\((\w+),", names)
    vector = between[between.index("add") : between.index("transpose") + 1]
    assert {instruction["op"] for instruction in issued} == set(vector)

"""What a 910B or the course has not is refused in one line, at the student's own line."""

import re
import subprocess
from collections import defaultdict

import pytest

from labkit.npu.chips import INCLUDE
from tests.unit.labkit.npu import native

EXCLUDED = re.findall(r"NPU_EXCLUDED\((\w+)\)", (INCLUDE / "ascendc" / "excluded.inc").read_text())
# Every way to write template arguments that the public API has, by turns.
CALLS = (
    "{}(h, h, 3);",
    "{}<half>(h, i);",
    "{}<half, true>(h, h, h, i, 3);",
    "auto {}_got = {}<float>(h); (void){}_got;",
    "{}<half, half, false>(h);",
    "{}<0x2, PIPE_V>(3);",
    "{}<half, half, half, 3, true>();",
    "{}<ReduceType::SUM, half>(h, h);",
    "{}<ReduceType::SUM, half, false>(h, h);",
    "{}<half, 3, half>(h, h, h);",
    "{}<int>(h, h, {{16, 3}});",
    "{}<float, false>(h, {{1, true, h}}, {{}});",
)
TYPES = ["MmadParams", "Nd2NzParams", "LoadData2DParams", "FixpipeParamsV220"]
TEMPLATES = ["LoadData3DParamsV2<half>", "MrgSortSrcList<half>"]

BFLOAT = "{} does not support bfloat16_t on 910B: Cast to float"
OTHER = "{} does not support this type on 910B: it takes {}"
NUMBERS = "half, float, int16_t and int32_t"
CAST = "Cast does not support this pair of types on 910B: go by way of float or half"
REFUSED = {
    "Add(b, b, b, 5);": BFLOAT.format("Add"),
    "Add<bfloat16_t, false>(b, b, b, 0, 5, {});": BFLOAT.format("Add"),
    "Muls(b, b, bfloat16_t(2), 5);": BFLOAT.format("Muls"),
    "Exp(b, b, 5);": BFLOAT.format("Exp"),
    "ReduceSum(b, b, b, 5);": BFLOAT.format("ReduceSum"),
    "WholeReduceMax(b, b, 64, 1, 1, 1, 8);": BFLOAT.format("WholeReduceMax"),
    "b = b - b;": BFLOAT.format("Sub"),
    "Add(m, m, m, 5);": OTHER.format("Add", NUMBERS),
    "Div(i, i, i, 5);": OTHER.format("Div", "half and float"),
    "And(i, i, i, 5);": OTHER.format("And", "int16_t and uint16_t"),
    "Transpose(i, i);": OTHER.format("Transpose", "half, int16_t and uint16_t"),
    "Duplicate(m, uint8_t(1), 5);": OTHER.format("Duplicate", "types of 2 and 4 bytes"),
    "Cast(b, i, RoundMode::CAST_NONE, 5);": CAST,
    "Cast(h, b, RoundMode::CAST_NONE, 5);": CAST,
    "Compare(h, h, h, CMPMODE::GT, 128);": "Compare writes bits to a tensor of uint8_t or int8_t",
    "ReducePairElem<ReduceType::MAX>(f, f, 64, 1, 1, 1, 8);": (
        "ReducePairElem does not support this reduceType on 910B"
    ),
    "f = h + h;": "the tensors of an expression must have one type",
}


# g++ tells of an instance of a template once: no two lines may use the same.
def lines() -> list[tuple[str, str]]:
    """Each line of the program, and the one error that it must have."""
    calls = [
        (CALLS[number % len(CALLS)].format(name, name, name), name)
        for number, name in enumerate(EXCLUDED)
        if name != "Sort"
    ]
    calls += [(call.format("Sort", "Sort", "Sort"), "Sort") for call in CALLS]
    calls += [(f"{name} {name}_one(3, 4);", name) for name in TYPES]
    calls += [(f"{name} x{number};", name.split("<")[0]) for number, name in enumerate(TEMPLATES)]
    excluded = [(f"{{ {text} }}", f"{name} is not in the course subset") for text, name in calls]
    return [*excluded, *((f"{{ {text} }}", error) for text, error in REFUSED.items())]


HEAD = """#include "kernel_operator.h"
using namespace AscendC;
LocalTensor<half> h; LocalTensor<float> f; LocalTensor<bfloat16_t> b; LocalTensor<uint8_t> m;
LocalTensor<int32_t> i;
"""


def source() -> str:
    return HEAD + "int main() {\n#line 1\n" + "\n".join(text for text, _ in lines()) + "\n}\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """The errors of each line, as g++ tells them."""
    folder = tmp_path_factory.mktemp("refusals")
    (folder / "program.cpp").write_text(source())
    flags = ["-std=c++17", "-fsyntax-only", "-fmax-errors=0", "-DNPU_PREBUILT"]
    command = [native.compiler(), *flags, "-I", str(INCLUDE), "program.cpp"]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    errors = defaultdict(list)
    line = 0
    for text in built.stderr.splitlines():
        if here := re.match(r"program\.cpp:(\d+):\d+: +required from", text):
            line = int(here[1])
        elif own := re.match(r"program\.cpp:(\d+):\d+: error: (.*)", text):
            errors[int(own[1])].append(own[2])
        elif error := re.search(r"error: (?:static assertion failed: )?(.*)", text):
            errors[line].append(error[1])
    return errors


def test_an_excluded_name_is_refused_in_one_line_however_it_is_called(told):
    for number, (text, error) in enumerate(lines(), 1):
        assert told[number] == [error], text

"""Each call of tensors, queues, copies and flags issues the instruction that it should."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.labkit.npu import native

SOURCE = "tensor_api.cpp"
VECIN, VECOUT, VECCALC = 9, 10, 11
KNOWN = {"op", "line", "param", "operands"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calls, compiled against a core that prints."""
    target = tmp_path_factory.mktemp("tensor") / "api"
    return native.build(SOURCE, target, "-DNPU_PREBUILT")


def parts(printed: bytes) -> dict[str, list[dict[str, Any]]]:
    """What each part of the program printed."""
    found: dict[str, list[dict[str, Any]]] = {"": []}
    name = ""
    for line in printed.decode().splitlines():
        said = json.loads(line)
        name = said.get("part", name)
        if "part" not in said:
            found.setdefault(name, []).append(said)
    return found


@pytest.fixture(scope="module")
def said(program: Path) -> dict[str, list[dict[str, Any]]]:
    """What all parts printed."""
    return parts(native.run(program))


def ops(instructions: list[dict[str, Any]]) -> list[str]:
    return [each["op"] for each in instructions if "op" in each]


def sizes(instructions: list[dict[str, Any]]) -> list[list[int]]:
    return [each["sizes"] for each in instructions if "sizes" in each]


def fields(instruction: dict[str, Any]) -> dict[str, Any]:
    """Those that an instruction has beside the usual."""
    return {name: value for name, value in instruction.items() if name not in KNOWN}


def places(instruction: dict[str, Any]) -> list[tuple[str, int] | None]:
    return [each and (each["space"], each["address"]) for each in instruction["operands"]]


def test_copies_by_count(said: dict[str, list[dict[str, Any]]]) -> None:
    into, out, within = said["by count"]
    assert ops([into, out, within]) == ["copy_in", "copy_out", "copy_local"]
    assert fields(into) == {"dtype": "half", "count": 128}
    assert places(into) == [("UB", 64), ("GM", 160)]
    assert places(out) == [("GM", 128), ("UB", 96)]
    assert places(within) == [("UB", 64), ("UB", 320)]
    local, gm = into["operands"]
    assert (local["base"], local["bytes"], local["position"]) == (64, 512, VECIN)
    assert (gm["base"], gm["bytes"], gm["position"]) == (128, 1024, 0)


def test_copies_by_block(said: dict[str, list[dict[str, Any]]]) -> None:
    into, out, within = said["by block"]
    assert into["param"] == [2, 3, 4, 5, 0, 0, 0, 0]
    assert out["param"] == [1, 0, 6, 7, 0, 0, 0, 0]
    assert within["op"] == "copy_local"
    assert fields(within) == {"dtype": "half", "detail": 1}


def test_padded_copies(said: dict[str, list[dict[str, Any]]]) -> None:
    padded, plain, unset, valued, out, older = said["padded"]
    assert fields(unset)["scalar"] == 0x7FE57FE57FE57FE5
    assert padded["param"] == [3, 70, 8, 1, 1, 2, 0, 0]
    assert fields(padded) == {"dtype": "half", "detail": 2, "flags": 1, "scalar": 0x3E00}
    assert fields(plain) == {"dtype": "half", "detail": 2}
    assert fields(valued) == {"dtype": "half", "detail": 2, "scalar": 0x4200}
    assert out["param"] == [1, 20, 0, 2, 0, 0, 0, 0]
    assert older["param"] == [1, 20, 1, 0, 0, 0, 0, 0]
    assert ops([out, older]) == ["copy_out"] * 2


def test_tensors_without_memory_have_no_space(said: dict[str, list[dict[str, Any]]]) -> None:
    assert places(said["never given"][0]) == [None, None]


def test_elements_are_read_and_written(said: dict[str, list[dict[str, Any]]]) -> None:
    steps = [
        (each["op"], each["operands"][0]["address"], each.get("scalar", 0))
        for each in said["elements"]
    ]
    two_and_half, three, three_and_half = 0x40200000, 0x40400000, 0x40600000
    assert steps == [
        ("get_local", 140, 0),
        ("set_local", 132, three_and_half),
        ("get_local", 140, 0),
        ("set_local", 136, two_and_half),
        ("get_local", 144, 0),
        ("set_local", 144, three),
        ("get_global", 24, 0),
        ("set_global", 20, 8),
        ("get_global", 12, 0),
        ("set_global", 8, 14),
    ]


def test_sizes_of_slices(said: dict[str, list[dict[str, Any]]]) -> None:
    assert sizes(said[""])[:2] == [[8, 6, 12, 1], [3, 6]]


def test_halfs_and_elements_print_as_numbers(said: dict[str, list[dict[str, Any]]]) -> None:
    printed = [each["printed"] for each in said[""] if "printed" in each]
    assert printed == ["0 -2", "0.5 2"]


def test_buffers_lie_in_a_row(said: dict[str, list[dict[str, Any]]]) -> None:
    queue, buffer, out, through = said["init"]
    assert ops([queue, buffer]) == ["init_queue", "init_buffer"]
    assert queue["param"] == [1, 2, 100, 1, 0, VECIN, 0, 0]
    assert buffer["param"] == [2, 1, 33, 0, 0, 0, 0, 0]
    assert out["param"] == [3, 1, 64, 2, VECOUT, 0, 0, 0]
    assert through["param"] == [4, 1, 32, 0, VECIN, VECOUT, 0, 0]
    assert (fields(queue), fields(through)) == ({}, {"flags": 4})
    rooms = [
        (each["operands"][0]["address"], each["operands"][0]["bytes"]) for each in said["init"]
    ]
    assert rooms == [(0, 256), (256, 64), (320, 64), (384, 32)]


def test_tensors_of_a_buffer(said: dict[str, list[dict[str, Any]]]) -> None:
    assert sizes(said["buffer"]) == [[16, 3, 4]]
    whole, some, later = (each["operands"][0] for each in said["buffer"][:3])
    assert (whole["bytes"], some["bytes"]) == (64, 64)
    assert (later["base"], later["bytes"], later["queue"]) == (288, 32, 0)


def test_tensors_go_around(said: dict[str, list[dict[str, Any]]]) -> None:
    around = said["around"]
    order = [(each["op"], each["operands"][0]["address"]) for each in around if "op" in each]
    assert order == [
        ("queue_alloc", 0),
        ("queue_alloc", 128),
        ("queue_enque", 128),
        ("queue_enque", 0),
        ("queue_deque", 128),
        ("queue_free", 128),
        ("queue_alloc", 128),
    ]
    assert sizes(around) == [[1, 0, 0, 1, 2], [64]]
    first = around[0]["operands"][0]
    assert (first["bytes"], first["queue"], first["position"]) == (128, 1, VECIN)


def test_a_queue_between_positions_that_are_said(said: dict[str, list[dict[str, Any]]]) -> None:
    kinds = [(each["op"], each["param"][4:6]) for each in said["in place"]]
    assert kinds == [
        ("queue_alloc", [0, 0]),
        ("queue_enque", [0, VECIN]),
        ("queue_deque", [0, VECIN]),
        ("queue_enque", [0, 0]),
        ("queue_deque", [0, 0]),
        ("queue_free", [0, 0]),
    ]


def test_wrong_calls_are_recorded_as_they_are(said: dict[str, list[dict[str, Any]]]) -> None:
    calls = [(each["op"], each["param"][0], places(each)) for each in said["wrong"]]
    assert calls == [
        ("queue_enque", 3, [("UB", 0)]),
        ("queue_free", 3, [("UB", 384)]),
        ("queue_free", 4, [("UB", 384)]),
        ("queue_enque", 1, [None]),
    ]
    assert ops(said["end of pipe"]) == ["reset_pipe"]


@pytest.mark.parametrize(("how", "last"), [("alloc", "queue_alloc"), ("deque", "queue_deque")])
def test_what_would_wait_for_ever_ends_the_block(program: Path, how: str, last: str) -> None:
    called = parts(native.run(program, how))["blocks"]
    assert ops(called)[-2:] == [last, "blocked"]
    assert places(called[-2]) == [None]


def test_static_memory_is_a_buffer(said: dict[str, list[dict[str, Any]]]) -> None:
    first, second, told = said["static"]
    assert ops([first, second]) == ["init_buffer"] * 2
    assert (first["param"][2], second["param"][2]) == (36, 10)
    assert told["sizes"] == [9, 5, 96]


def test_flags_and_barriers(said: dict[str, list[dict[str, Any]]]) -> None:
    flags = [(each["op"], each.get("detail", 0), each.get("count", 0)) for each in said["flags"]]
    assert flags == [
        ("set_flag", 0, 3),
        ("wait_flag", 11, 2),
        ("set_flag", 3, 1),
        ("wait_flag", 5, 0),
        ("set_flag", 13, 0),
        ("set_flag", 7, 4),
    ]
    barriers = [(each["op"], each.get("detail", 0)) for each in said["barriers"]]
    assert barriers == [("pipe_barrier", 2), ("pipe_barrier", 255), ("meet", 0), ("meet", 0)]


def test_event_ids(said: dict[str, list[dict[str, Any]]]) -> None:
    given = [(each["op"], each.get("count", 0)) for each in said["events"]]
    assert given[:5] == [
        ("alloc_event", 0),
        ("alloc_event", 1),
        ("fetch_event", 2),
        ("release_event", 0),
        ("fetch_event", 0),
    ]
    assert [count for _, count in given[5:]] == list(range(9))


def test_modes(said: dict[str, list[dict[str, Any]]]) -> None:
    modes = [(each["op"], each.get("dtype"), each.get("detail", 0)) for each in said["modes"]]
    assert modes == [
        ("set_atomic", "float", 1),
        ("set_atomic", "half", 2),
        ("set_atomic", "int32_t", 2),
        ("set_atomic", None, 0),
        ("set_atomic", None, 0),
        ("clean_cache", None, 0),
        ("assert_failed", None, 0),
    ]


def test_each_instruction_has_the_line_of_its_call(said: dict[str, list[dict[str, Any]]]) -> None:
    lines = (native.HERE / SOURCE).read_text().splitlines()
    called = {
        "copy_in": "DataCopy",
        "copy_out": "DataCopy",
        "get_local": "local",
        "set_local": "local",
        "get_global": "gm",
        "set_global": "gm",
        "init_queue": "InitBuffer",
        "queue_enque": "EnQue",
        "reset_pipe": "TPipe pipe",
        "init_buffer": ("InitBuffer", "Alloc"),
        "set_atomic": "Atomic",
        "assert_failed": "ASSERT",
        "alloc_event": "AllocEventID",
    }
    for instruction in (each for part in said.values() for each in part):
        words = called.get(instruction.get("op", ""), "")
        text = lines[instruction["line"] - 1] if words else ""
        assert any(word in text for word in ([words] if isinstance(words, str) else words))


REFUSED = """
#define NPU_PREBUILT
#include "kernel_operator.h"
using namespace AscendC;
void kernel(GlobalTensor<half> gm, LocalTensor<float> floats) {
  SetFlag<HardEvent::MTE1_M>(0);
  SetAtomicAdd<uint8_t>();
  TBuf<TPosition::A1> buffer;
  TQue<TPosition::CO1, 1> queue;
  [[maybe_unused]] TBufPool<TPosition::VECCALC> pool;
  [[maybe_unused]] LocalMemAllocator<Hardware::L1> memory;
  [[maybe_unused]] TQueSync<PIPE_M, PIPE_V> sync;
  KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIC_ONLY);
  DataCopy(floats, gm, 16);
  DataCopyPad(gm, floats, DataCopyExtParams{1, 2, 0, 0, 0});
}
"""


def test_what_a_vector_core_lacks_is_refused_in_one_line_each() -> None:
    said = native.errors(REFUSED)
    subset = "not in the course subset"
    assert sorted(line.removeprefix("static assertion failed: ") for line in said) == [
        f"Buffers of the Cube are {subset}",
        f"DataCopy of these is {subset}: have both tensors one type?",
        f"DataCopyPad of these is {subset}: have both tensors one type?",
        f"Events of the Cube are {subset}",
        f"Kernels for the Cube alone are {subset}",
        f"Memories of the Cube are {subset}",
        f"Queues of the Cube are {subset}",
        "SetAtomic supports int8_t, int16_t, int32_t, half, bfloat16_t and float on 910B",
        f"TBufPool is {subset}",
        "TQueSync: a vector core has no event between these pipes",
    ]

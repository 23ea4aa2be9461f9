"""Counts agree with what is worked out by hand from the CUDA programming guide."""

from typing import Any

import numpy as np
import pytest

from labkit import gpu

HEAD = """from numba import cuda, float32, float64
@cuda.jit
def k(out, x):
    t = cuda.threadIdx.x
    i = cuda.grid(1)
"""
FIRST = HEAD.count("\n") + 1


def launch(*body: str, grid: Any = 2, block: Any = 64, kind: Any = np.float32) -> gpu.Report:
    source = HEAD + "".join(f"    {line}\n" for line in body)
    out, x = np.zeros(4096, kind), np.arange(4096).astype(kind)
    report = gpu.launch(gpu.load(source)["k"], grid, block, out, x)
    assert report.ok, report.hazards
    return report


@pytest.mark.parametrize(
    ("index", "sectors", "lines", "elements"),
    [
        ("i", 4 * 4, 4, 128),  # 4 warps, 128 bytes each
        ("i + 1", 4 * 5, 8, 128),  # one sector more, since they do not begin at one
        ("i * 2", 4 * 8, 8, 128),
        ("i * 32", 4 * 32, 128, 128),
        ("0", 4, 4, 4),
        ("127 - i", 4 * 4, 4, 128),
        ("(t * 5) % 32", 4 * 4, 4, 128),
        ("i // 4 * 8", 4 * 8, 8, 32),
    ],
)
def test_sectors_of_a_load(index: str, sectors: int, lines: int, elements: int) -> None:
    counters = launch(f"out[i] = x[{index}]").counters
    assert counters["global_load_sectors"] == sectors
    assert (counters["global_load_requests"], counters["global_load_lines"]) == (4, lines)
    assert (counters["global_load_elements"], counters["global_load_bytes"]) == (128, 4 * elements)
    assert counters["global_store_sectors"] == 16


def test_sectors_of_eight_byte_elements() -> None:
    assert launch("out[i] = x[i]", kind=np.float64).counters["global_load_sectors"] == 4 * 8


def test_only_lanes_at_work_count() -> None:
    counters = launch("if t % 32 < 9:", "    out[i] = x[i]").counters
    assert counters["global_load_sectors"] == 4 * 2
    assert (counters["global_load_elements"], counters["global_load_bytes"]) == (36, 144)
    assert counters["divergent_branches"] == 4


def test_a_loop_diverges_where_some_lanes_leave_and_others_stay() -> None:
    report = launch("for j in range(t % 2):", "    out[i] = x[i]")
    assert report.lines[FIRST]["divergent_branches"] == 4
    even = launch("for j in range(2):", "    out[i] = x[i]")
    assert even.counters["divergent_branches"] == 0


def test_a_block_that_fills_no_warp() -> None:
    counters = launch("out[i] = x[i]", block=40).counters
    assert counters["global_load_requests"] == 4
    # 160 bytes a block: 128 and 32; the second block begins at byte 160, a sector's start.
    assert counters["global_load_sectors"] == 2 * (4 + 1)


@pytest.mark.parametrize(
    ("index", "passes"),
    [
        ("t", 1),
        ("0", 1),
        ("t * 2", 2),
        ("t * 3", 1),
        ("t % 32 * 32", 32),
        ("t % 32 * 33", 1),
        ("t // 2", 1),
        ("63 - t", 1),
        ("t % 8 * 32", 8),
    ],
)
def test_wavefronts_of_a_shared_load(index: str, passes: int) -> None:
    body = ["s = cuda.shared.array(1088, float32)", "for j in range(t, 1088, 64):"]
    report = launch(*body, "    s[j] = x[j]", "cuda.syncthreads()", f"out[i] = s[{index}]")
    line = report.lines[FIRST + 4]
    assert line["shared_wavefronts"] == 4 * passes
    assert line["shared_bank_conflicts"] == 4 * (passes - 1)
    assert report.lines[FIRST + 2]["shared_bank_conflicts"] == 0


def test_eight_byte_elements_are_served_by_half_warps() -> None:
    body = ["s = cuda.shared.array(128, float64)", "s[t] = x[i]", "s[t + 64] = x[i]"]
    body += ["cuda.syncthreads()", "out[i] = s[t] + s[t * 2]"]
    line = launch(*body, kind=np.float64).lines[FIRST + 4]
    assert line["shared_wavefronts"] == 4 * 2 + 4 * 4
    assert line["shared_bank_conflicts"] == 4 * 2


def test_barriers_count_once_a_block() -> None:
    assert launch("cuda.syncthreads()", "cuda.syncthreads()", grid=3).counters["barriers"] == 6


@pytest.mark.parametrize(("index", "steps"), [("0", 32), ("t % 4", 8), ("i", 1)])
def test_atomics_are_served_one_by_one_at_an_address(index: str, steps: int) -> None:
    counters = launch(f"cuda.atomic.add(out, {index}, x[i])").counters
    assert (counters["atomic_requests"], counters["atomic_serialization"]) == (4, 4 * steps)


def test_compulsory_bytes_are_those_of_the_sectors_touched() -> None:
    counters = launch("out[i] = x[0] + x[i % 64] + x[1024]").counters
    assert counters["global_bytes_compulsory"] == (64 + 8 + 128) * 4


def test_lane_efficiency_tells_work_in_one_thread() -> None:
    lonely = launch(
        "if t == 0:", "    for j in range(64):", "        out[j + 64 * i] = x[j]", grid=1
    )
    assert lonely.counters["lane_efficiency"] < 0.06
    assert launch("out[i] = x[i] * x[i]").counters["lane_efficiency"] == 1.0


def test_instructions_go_by_class_and_line() -> None:
    line = launch("out[i] = (x[i] + x[i]) * x[i]").lines[FIRST]
    assert (line["instructions_fp32"], line["instructions_memory"]) == (4 * 2, 4 * 4)
    assert line["instructions_fp64"] == 0


@pytest.mark.parametrize(
    ("value", "instructions", "fused", "flops"),
    [
        ("x[i] * x[i] + x[i]", 1, 1, 2),
        ("x[i] - x[i] * x[i]", 1, 1, 2),
        ("x[i] ** 2 + x[i]", 1, 1, 2),
        ("x[i] * x[i] + x[i] * x[i]", 2, 1, 3),  # one of the products remains a product
        ("x[i] + x[i] + x[i]", 2, 0, 2),
        ("x[i] * x[i] * x[i]", 2, 0, 2),
        ("(x[i] + x[i]) * x[i]", 2, 0, 2),
        ("float32(float64(x[i] * x[i])) + x[i]", 3, 0, 2),  # casts stand between
    ],
)
def test_a_product_in_a_sum_is_one_fused_instruction(
    value: str, instructions: int, fused: int, flops: int
) -> None:
    counts = launch(f"out[i] = {value}").counters
    assert counts["instructions_fp32"] == 4 * instructions
    assert (counts["fma"], counts["flops"]) == (128 * fused, 128 * flops)


@pytest.mark.parametrize(
    "between",
    [
        "b = i > 3 and t > 5 or t < 9",
        "b = a if i < 32 else a + a",
        "b = f(f(a))",
        "b = f(a if i < 32 else f(a)) if t > 3 and f(a) > a else f(a)",
        "if i < 32 and t > 3: b = f(a)",
        "for n in range(2 if t > 3 else 1): b = f(a)",
    ],
)
def test_what_follows_an_expression_that_parts_lanes_is_counted(between: str) -> None:
    source = HEAD.replace(
        "@cuda.jit\n", "@cuda.jit(device=True)\ndef f(v):\n    return v + v\n@cuda.jit\n"
    )
    body = ["a = x[i]", between, "c = a * a", "out[i] = c + a"]
    kernel = gpu.load(source + "".join(f"    {line}\n" for line in body))["k"]
    report = gpu.launch(kernel, 2, 64, np.zeros(128, np.float32), np.ones(128, np.float32))
    *_, product, last = [report.lines[n] for n in sorted(report.lines)]
    assert (product["instructions_fp32"], product["flops"]) == (4, 128)
    assert (last["instructions_fp32"], last["instructions_memory"]) == (4, 4)
    assert report.counters["lane_efficiency"] > 0.7


def test_a_chained_comparison_computes_its_middle_once_and_stops_where_it_is_false() -> None:
    report = launch("out[i] = 1 if 5 <= t < x[i] < x[i - 5] else 0")  # out of bounds, else
    counts = report.counters
    assert counts["global_load_elements"] == 2 * (64 - 5) + sum(x > t for t, x in _seen())


def _seen() -> list[tuple[int, int]]:
    return [(t, 64 * block + t) for block in range(2) for t in range(5, 64)]


def test_a_sum_in_place_is_fused_too() -> None:
    body = ["total = x[i]", "total += x[i] * x[i]", "out[i] = total"]
    assert launch(*body).counters["fma"] == 128


def test_blocks_that_differ_count_as_much_as_blocks_that_are_alike() -> None:
    alike = launch("out[i] = x[i]", grid=16).counters
    apart = launch("if i < 1000:", "    out[i] = x[i]", grid=16).counters
    assert alike["global_load_sectors"] == 16 * 64 * 4 // 32
    assert apart["global_load_sectors"] == 1000 * 4 // 32


def test_counts_do_not_depend_on_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    body = ["s = cuda.shared.array(64, float32)", "s[t] = x[i]", "cuda.syncthreads()"]
    body += ["if i < 900:", "    out[i] = s[63 - t] + x[i // 2]"]
    whole = launch(*body, grid=16)
    monkeypatch.setattr("labkit.gpu.machine.BATCH_LANES", 192)
    assert launch(*body, grid=16) == whole


@pytest.mark.parametrize("leave", ["return", "break", "continue"])
def test_what_no_lane_comes_to_is_not_counted(leave: str) -> None:
    loop = ["for n in range(3):", f"    {leave}", "    out[i] = x[i] * x[i]", "out[0] = x[0]"]
    counts = launch(*loop).lines
    assert not counts.get(FIRST + 2, {}).get("instructions", 0)
    assert not counts.get(FIRST + 2, {}).get("flops", 0)


@pytest.mark.parametrize(("power", "products"), [(0, 0), (1, 0), (2, 1), (3, 2), (8, 3), (15, 6)])
def test_a_constant_power_is_made_by_squaring(power: int, products: int) -> None:
    counts = launch(f"out[i] = x[i] ** {power}").counters
    assert (counts["instructions_fp32"], counts["flops"]) == (4 * products, 128 * products)


def test_flops_are_sums_and_products_only() -> None:
    body = "out[i] = max(-x[i], x[i] / x[i]) if x[i] > 0 else abs(float32(i))"
    counts = launch(body).counters
    assert (counts["flops"], counts["instructions_fp32"] > 0) == (0, True)

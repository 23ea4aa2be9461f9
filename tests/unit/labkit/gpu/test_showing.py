"""What report.show shows: counts beside the source, and pictures of what warps ask for."""

import re
from typing import Any

import numpy as np
import pytest

from labkit import gpu
from labkit.gpu import pictures
from labkit.gpu.samples import Heat, Sample

SOURCE = """from numba import cuda, float32

@cuda.jit(device=True)
def twice(value):
    return value + value

@cuda.jit
def unused(out):
    out[0] = 1

@cuda.jit
def k(out, x):
    tile = cuda.shared.array((32, 32), float32)
    i = cuda.threadIdx.x
    for row in range(32):
        tile[row, i] = x[row, i]
    cuda.syncthreads()
    for row in range(32):
        out[i, row] = twice(tile[i, row])
"""
LOAD, STORE = 16, 19


def report(**given: Any) -> gpu.Report:
    x = np.arange(1024, dtype=np.float32).reshape(32, 32)
    return gpu.launch(gpu.load(SOURCE)["k"], 1, 32, np.zeros_like(x), x, **given)


def samples(space: str) -> dict[int, Sample]:
    return {sample.line: sample for sample in report().samples if sample.space == space}


def test_the_listing_has_the_kernel_and_what_it_calls_with_their_lines() -> None:
    listing = dict(report().listing)
    lines = SOURCE.splitlines()
    assert listing == {n: lines[n - 1] for n in (3, 4, 5, *range(11, 20))}


def test_a_sample_shows_the_sectors_of_a_warp() -> None:
    whole, scattered = (samples("global")[line] for line in (LOAD, STORE))
    assert [len(used) for used in whole.sectors.values()] == [32] * 4
    assert [len(used) for used in scattered.sectors.values()] == [4] * 32
    assert (whole.passes, scattered.passes) == (4, 32)


def test_a_sample_shows_the_banks_of_a_warp() -> None:
    flat, piled = (samples("shared")[line] for line in (LOAD, STORE))
    assert [flat.banks[bank] for bank in range(2)] == [{0: [0]}, {1: [1]}]
    assert (flat.passes, piled.passes) == (1, 32)
    assert set(piled.banks) == {0}


def test_the_costliest_access_of_a_line_is_kept() -> None:
    body = "    for step in range(1, 9):\n        out[i * step] = 1\n"
    source = f"from numba import cuda\n@cuda.jit\ndef k(out):\n    i = cuda.threadIdx.x\n{body}"
    found = gpu.launch(gpu.load(source)["k"], 1, 32, np.zeros(256)).samples
    assert [sample.offsets[1] for sample in found] == [4 * 8]


def test_idle_lanes_ask_for_nothing() -> None:
    sample = Sample(1, "load", "x", "global", 8, (-1, 24, -1, 32))
    assert sample.sectors == {0: set(range(24, 32)), 1: set(range(8))}
    assert sample.banks == {6: {6: [1]}, 7: {7: [1]}, 8: {8: [3]}, 9: {9: [3]}}


def test_heat_counts_every_visit() -> None:
    heat = report().heat
    assert heat["x"].counts.sum() == heat["out"].counts.sum() == 1024
    assert (heat["x"].visits.tolist(), heat["x"].is_even) == ([1] * 128, True)


def test_heat_of_some_lanes_only() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k(out):\n    i = cuda.grid(1)\n"
    source += "    if i < 5:\n        out[i] = 1\n    out[8] = 1\n"
    heat = gpu.launch(gpu.load(source)["k"], 3, 32, np.zeros(24, np.float32)).heat["out"]
    assert heat.counts.tolist() == [5, 96, 0]
    assert not heat.is_even


def test_a_terminal_shows_counts_beside_the_source() -> None:
    said = repr(report().show())
    (line,) = [line for line in said.splitlines() if "twice(tile" in line]
    assert line.startswith(f"{STORE:5}")
    assert "sectors 1,024" in line
    assert "bank conflicts 992" in line


def test_a_notebook_shows_table_and_pictures() -> None:
    html = report().show("H100")._repr_html_()
    titles = re.findall(r"<title>([^<]*)</title>", html)
    assert f"line {STORE}: store of out: a warp asks for 32 sectors and uses 12 % of them" in titles
    assert f"line {STORE}: load of tile: 32 passes: bank conflicts" in titles
    assert f"line {LOAD}: store of tile: one pass" in titles
    assert "Roofline of k on H100" in titles
    assert "x [32, 32]: every element is visited once" in html
    assert "<td class='n lost'>992</td>" in html


def test_hazards_come_first_and_text_is_escaped() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k(out):\n    out[-1] = 1 < 2  # <b>&\n"
    html = gpu.launch(gpu.load(source)["k"], 1, 1, np.zeros(4)).show()._repr_html_()
    assert "<b>&" not in html
    assert html.index("out_of_bounds") < html.index("<table>")


def test_a_launch_without_memory_or_arithmetic_is_shown_too() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k():\n    pass\n"
    assert "no hazard" in repr(gpu.launch(gpu.load(source)["k"], 1, 1).show())


@pytest.mark.parametrize(
    "shape", [(), (0,), (5,), (100_000,), (3, 0), (7, 33), (3000, 50), (2, 3, 4)]
)
def test_any_array_has_a_picture(shape: tuple[int, ...]) -> None:
    size = int(np.prod(shape))
    counts = np.arange(-(-size * 4 // 32))
    drawn = pictures.heat("x", Heat(shape, 4, counts))
    assert str(drawn).count("<rect") <= 32 * 64


def test_the_darkest_square_is_the_most_visited_one() -> None:
    counts = np.zeros(16, np.int64)
    counts[5] = 80  # row 2, right half
    drawn = str(pictures.heat("x", Heat((8, 16), 4, counts)))
    strengths = [float(s) for s in re.findall(r"fill-opacity: ([0-9.]+)", drawn)]
    assert strengths[5] == 1
    assert sum(strengths) == 1
    assert "10 visits" in drawn


@pytest.mark.parametrize(("flops", "moved"), [(0, 0), (1, 1e9), (1e9, 1), (5e6, 1e6)])
def test_any_point_has_a_roofline(flops: float, moved: float) -> None:
    counters = dict(report().counters) | {"flops": flops, "global_bytes_compulsory": moved}
    place = gpu.Report("k", (1, 1, 1), (32, 1, 1), counters, {}, ()).roofline()
    numbers = re.findall(r'points="([^"]*)"', str(pictures.roofline("k", place, "A100")))
    points = [tuple(map(float, p.split(","))) for line in numbers for p in line.split()]
    assert all(0 <= x <= 520 and 0 <= y <= 250 for x, y in points)


def test_device_functions_of_another_cell_have_lines_of_their_own(tmp_path: Any) -> None:
    cells = {"one.py": "@cuda.jit(device=True)\ndef f(v):\n    return v + v\n"}
    cells["two.py"] = "@cuda.jit\ndef k(out):\n    i = cuda.grid(1)\n    out[i] = f(out[i])\n"
    space: dict[str, Any] = {}
    exec("from numba import cuda", space)
    for name, text in cells.items():
        (tmp_path / name).write_text(text)
        exec(compile(text, str(tmp_path / name), "exec"), space)
    found = gpu.launch(space["k"], 1, 4, np.ones(4))
    assert [text.strip() for _, text in found.listing][-1] == "return v + v"
    assert len({number for number, _ in found.listing}) == 7
    assert found.lines[7]["instructions_fp64"] == 1


def launched(*body: str, block: int = 32, arrays: Any) -> gpu.Report:
    head = "from numba import cuda, float32, float64\n@cuda.jit\ndef k(out, x):\n"
    source = head + "".join(f"    {line}\n" for line in ("i = cuda.threadIdx.x", *body))
    return gpu.launch(gpu.load(source)["k"], 1, block, *arrays)


@pytest.mark.parametrize(("index", "needed"), [("i", 2), ("0", 2), ("16 * i", 32)])
def test_items_of_8_bytes_are_served_by_half_warps(index: str, needed: int) -> None:
    body = ["s = cuda.shared.array(512, float64)", f"s[{index}] = 1", "out[i] = x[i]"]
    found = launched(*body, arrays=[np.zeros(32), np.zeros(32)])
    (sample,) = [sample for sample in found.samples if sample.space == "shared"]
    counts = found.counters
    assert sample.passes == counts["shared_wavefronts"] == needed
    assert sample.passes - sample.needed == counts["shared_bank_conflicts"]
    assert (": bank conflicts" in pictures.banks(sample).title) is (needed > 2)


def test_the_costliest_warp_of_an_access_is_shown() -> None:
    body = ["s = cuda.shared.array(1024, float32)", "s[i if i < 96 else (i - 96) * 32] = x[0]"]
    found = launched(*body, block=128, arrays=[np.zeros(1, "f4"), np.zeros(1, "f4")])
    (sample,) = [sample for sample in found.samples if sample.space == "shared"]
    assert sample.passes == 32


def test_an_array_is_even_only_if_its_last_sector_is_as_visited_as_the_others() -> None:
    x = np.zeros(16, np.float32)
    half = launched("if i < 8: out[i] = x[i]", arrays=[np.zeros(8, "f4"), x]).heat["x"]
    assert (half.is_even, half.visits.tolist()) == (False, [1, 0])
    cut = launched("if i < 9: out[i] = x[i]", arrays=[np.zeros(9, "f4"), x[:9].copy()]).heat["x"]
    assert (cut.is_even, cut.visits.tolist()) == (True, [1, 1])


def test_an_array_by_columns_is_drawn_as_it_lies() -> None:
    x = np.zeros((64, 64), np.float32, order="F")
    heat = launched("out[i] = x[0, i]", block=64, arrays=[np.zeros(64, "f4"), x]).heat["x.T"]
    drawn = pictures._cells(heat)
    assert (drawn[:, 0] > 0).all()
    assert not drawn[:, 1:].any()


@pytest.mark.parametrize("shape", [(1 << 18, 64), (1 << 20, 16)])
def test_large_arrays_are_looked_at_in_all_columns(shape: tuple[int, int]) -> None:
    counts = np.full(shape[0] * shape[1] * 4 // 32, 8)
    assert pictures._cells(Heat(shape, 4, counts)).min() == 1


def test_lines_are_counted_as_the_parser_counts_them() -> None:
    source = "# a\x0cform feed\x0b and more\r\n" + SOURCE
    assert (gpu.load(source).module.lines[4], gpu.load(source).module.lines[5]) == (
        "@cuda.jit(device=True)",
        "def twice(value):",
    )

"""The cost model against what is worked out by hand, and against what it must tell apart."""

from pathlib import Path

import numpy as np
import pytest

from labkit import gpu
from labkit.gpu.devices import DEVICES
from labkit.gpu.model import parts

SOURCE = """from numba import cuda
@cuda.jit
def scale(out, x, far):
    i = cuda.grid(1)
    out[i] = x[i * far] * x[i * far]
"""


def launch(far: int = 1, blocks: int = 216) -> gpu.Report:
    n = 256 * blocks
    out, x = np.zeros(n, np.float32), np.zeros(n * far, np.float32)
    return gpu.launch(gpu.load(SOURCE)["scale"], blocks, 256, out, x, far)


def test_cycles_of_each_part() -> None:
    report = launch()
    cycles = report.cycles_on("A100")
    warps = 216 * 8
    # One product a thread, 64 lanes a cycle on each of 108 multiprocessors.
    assert cycles["fp32"] == warps * 32 / 64 / 108
    # x is read twice and out written once, a line of 128 bytes a warp each, a line a cycle.
    assert cycles["l1"] == 3 * warps / 108
    assert cycles["issue"] == (3 * warps + warps) / 4 / 108  # accesses and products, no indices
    assert cycles["memory"] == 2 * 216 * 256 * 4 / (2039 / 1.41)
    assert report.model_cycles == max(cycles.values())


def test_a_last_wave_that_is_not_full_costs_a_whole_one() -> None:
    assert launch(blocks=109).cycles_on("A100")["fp32"] == launch().cycles_on("A100")["fp32"]


def test_far_apart_accesses_cost_more() -> None:
    assert launch(far=8).cycles_on("H100")["l1"] > 5 * launch().cycles_on("H100")["l1"]
    assert launch(far=8).model_cycles > 4 * launch().model_cycles


def test_passes_over_shared_memory_and_lines_share_the_first_level() -> None:
    counters = {**launch().counters, "shared_wavefronts": 1e6}
    before, after = (parts(c, 216, DEVICES["A100"])["l1"] for c in (launch().counters, counters))
    assert after - before == pytest.approx(1e6 / 108)


def test_the_roofline_is_that_of_a_full_device_and_cycles_are_those_of_this_launch() -> None:
    few, many = launch(blocks=1), launch(blocks=216)
    assert few.cycles_on("A100")["fp32"] * 2 == many.cycles_on("A100")["fp32"]
    assert few.roofline().reached == pytest.approx(many.roofline().reached, rel=0.01)


def test_tiles_bring_a_product_nearer_to_the_roof() -> None:
    reached = []
    for name, file in {"naive_matmul": "mapping", "tiled_matmul": "products"}.items():
        kernel = gpu.load(Path(__file__).parent / "kernels" / f"{file}.py")[name]
        arrays = [np.ones((64, 64), np.float32) for _ in range(3)]
        reached.append(gpu.launch(kernel, (4, 4), (16, 16), *arrays).roofline().reached)
    assert reached[0] < reached[1]


def test_roofline() -> None:
    place = launch().roofline("A100")
    assert place.intensity == pytest.approx(1 / 8)  # one product for 8 bytes
    assert place.compute_roof == 2 * 64 * 108
    assert place.is_memory_bound
    assert place.reached == pytest.approx(place.memory_roof)  # nothing else is busier


@pytest.mark.parametrize(
    ("threads", "shared", "share"),
    [(256, 0, 1.0), (1024, 0, 1.0), (32, 0, 0.5), (256, 48 << 10, 3 * 8 / 64), (768, 0, 0.75)],
)
def test_occupancy(threads: int, shared: int, share: float) -> None:
    assert DEVICES["A100"].occupancy(threads, shared) == share


def test_peaks_are_those_of_the_datasheets() -> None:
    teraflops = {name: 2e-3 * d.processors * d.fp32 * d.ghz for name, d in DEVICES.items()}
    assert teraflops == {
        "A100": pytest.approx(19.5, rel=0.01),
        "H100": pytest.approx(67, rel=0.01),
        "H200": pytest.approx(67, rel=0.01),
    }

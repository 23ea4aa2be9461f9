"""Each kind of hazard is found where it is, with who did it; its cure raises no alarm."""

from typing import Any

import numpy as np
import pytest

from labkit import gpu

HEAD = """from numba import cuda, float32
@cuda.jit
def k(out, x):
    s = cuda.shared.array(64, float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
"""
FIRST = HEAD.count("\n") + 1  # the line after


def launch(*body: str, grid: Any = 2, block: Any = 64, n: int = 128, **given: Any) -> gpu.Report:
    source = HEAD + "".join(f"    {line}\n" for line in body)
    out, x = np.zeros(n, np.float32), np.arange(n, dtype=np.float32)
    return gpu.launch(gpu.load(source)["k"], grid, block, out, x, **given)


def only(report: gpu.Report) -> gpu.Hazard:
    assert len(report.hazards) == 1, report.hazards
    return report.hazards[0]


WRONG: dict[str, tuple[str, list[str]]] = {
    "past the end": ("out_of_bounds", ["out[i + 1] = x[i]"]),
    "negative": ("out_of_bounds", ["out[i] = x[i - 1]"]),
    "past shared": ("out_of_bounds", ["s[t + 1] = x[i]"]),
    "negative shared": ("out_of_bounds", ["s[t - 1] = x[i]"]),
    "past local": (
        "out_of_bounds",
        ["a = cuda.local.array(4, float32)", "for j in range(5):", "    a[j] = x[i]"],
    ),
    "no barrier": ("race", ["s[t] = x[i]", "out[i] = s[63 - t]"]),
    "neighbour's write": (
        "race",
        ["s[t] = x[i]", "cuda.syncthreads()", "s[t] = s[63 - t] + s[t]"],
    ),
    "all write shared": ("race", ["s[0] = x[i]"]),
    "all write global": ("race", ["out[0] = x[i]"]),
    "other block's write": ("race", ["out[i] = x[i]", "out[i] = out[(i + 64) % 128]"]),
    "a barrier is for one block": (
        "race",
        ["out[i] = x[i]", "cuda.syncthreads()", "x[i] = out[(i + 64) % 128]"],
    ),
    "atomic beside plain": ("race", ["cuda.atomic.add(out, 0, x[i])", "x[i] = out[0]"]),
    "no syncwarp": (
        "race",
        ["s[t] = x[i]", "cuda.syncwarp()", "s[t] = s[t ^ 1]"],
    ),
    "unwritten": ("uninitialized_read", ["out[i] = s[t]"]),
    "half unwritten": (
        "uninitialized_read",
        ["if t < 32:", "    s[t] = x[i]", "cuda.syncthreads()", "out[i] = s[t]"],
    ),
    "unwritten local": (
        "uninitialized_read",
        ["a = cuda.local.array(4, float32)", "out[i] = a[2]"],
    ),
    "a name that no thread has bound": (
        "uninitialized_read",
        ["for j in range(0):", "    v = x[i]", "out[i] = v"],
    ),
    "idle lane": (
        "uninitialized_read",
        ["if t % 32 < 16:", "    out[i] = cuda.shfl_down_sync(0xffff, x[i], 8)"],
    ),
    "barrier in an if": (
        "divergent_barrier",
        ["if t < 32:", "    cuda.syncthreads()", "out[i] = x[i]"],
    ),
    "barrier in an uneven loop": (
        "divergent_barrier",
        ["for j in range(t % 2 + 1):", "    cuda.syncthreads()"],
    ),
    "absent lanes named": (
        "divergent_barrier",
        ["if t % 32 < 16:", "    cuda.syncwarp(0xffffffff)", "out[i] = x[i]"],
    ),
    "runaway": ("runaway_loop", ["j = 0", "while j >= 0:", "    j = j + 0"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labkit.gpu.turning.MAX_TURNS", 2000)
    kind, body = WRONG[name]
    report = launch(*body)
    assert not report.ok
    assert kind in {hazard.kind for hazard in report.hazards}, report.hazards
    found = next(hazard for hazard in report.hazards if hazard.kind == kind)
    assert FIRST <= found.line < FIRST + len(body) and found.threads


def test_a_race_names_both_lines_and_threads() -> None:
    race = only(launch("s[t] = x[i]", "out[i] = s[63 - t]"))
    assert (race.line, race.other_line) == (FIRST + 1, FIRST)
    assert {thread for _, thread in race.threads} == {0, 63}
    assert race.severity == "error" and "line 7" in race.message


def test_a_barrier_cures_the_race() -> None:
    assert launch("s[t] = x[i]", "cuda.syncthreads()", "out[i] = s[63 - t]").hazards == ()


def test_a_syncwarp_orders_a_warp_and_nothing_more() -> None:
    within = ["s[t] = x[i]", "cuda.syncwarp()", "v = s[t ^ 1]", "cuda.syncwarp()", "s[t] = v"]
    assert launch(*within).hazards == ()
    across = ["s[t] = x[i]", "cuda.syncwarp()", "out[i] = s[63 - t]"]
    assert only(launch(*across)).kind == "race"


def test_a_warp_may_reduce_in_step() -> None:
    steps = [
        line
        for far in (16, 8, 4, 2, 1)
        for line in (f"v = s[t] + s[t ^ {far}]", "cuda.syncwarp()", "s[t] = v", "cuda.syncwarp()")
    ]
    assert launch("s[t] = x[i]", "cuda.syncwarp()", *steps, "out[i] = s[t]").hazards == ()


def test_without_a_fence_a_flag_orders_nothing() -> None:
    flagged = [
        "if t == 0:",
        "    out[cuda.blockIdx.x + 8] = x[i]",
        "    {fence}",
        "    if cuda.atomic.add(out, 0, 1) == 1:",
        "        out[1] = out[8] + out[9]",
    ]
    fenced = [line.format(fence="cuda.threadfence()") for line in flagged]
    assert launch(*fenced).hazards == ()
    bare = [line.format(fence="pass") for line in flagged]
    assert "race" in {hazard.kind for hazard in launch(*bare).hazards}


def test_a_barrier_after_a_return_is_a_warning() -> None:
    report = launch("if t >= 32:", "    return", "cuda.syncthreads()")
    assert (only(report).kind, only(report).severity, report.ok) == (
        "divergent_barrier",
        "warning",
        True,
    )


def test_float64_by_accident_is_a_warning_that_says_why() -> None:
    found = only(launch("out[i] = x[i] * 2.0"))
    assert (found.kind, found.severity) == ("float64", "warning")
    assert "literal 2.0" in found.message
    added_up = launch("total = 0.0", "total += x[i]", "out[i] = total")
    assert "float32 with float64" in only(added_up).message


def test_float64_that_is_named_is_meant() -> None:
    body = ["total = cuda.local.array(1, float64)", "total[0] = x[i]", "out[i] = total[0] * x[i]"]
    source = HEAD.replace("float32", "float32, float64", 1)
    source += "".join(f"    {line}\n" for line in body)
    out, x = np.zeros(64, np.float32), np.ones(64, np.float32)
    assert gpu.launch(gpu.load(source)["k"], 1, 64, out, x).hazards == ()


@pytest.mark.parametrize("given", [{"block": 2048}, {"shared_bytes": 400_000}, {"grid": 2**31}])
def test_a_launch_that_does_not_fit_is_a_resource_hazard(given: dict[str, Any]) -> None:
    assert only(launch("out[i] = x[i]", **given)).kind == "resource"


def test_local_arrays_of_10_gb_are_refused_before_they_are_made() -> None:
    body = ["a = cuda.local.array(2684354560, float32)", "a[0] = x[i]"]
    assert only(launch(*body)).kind == "resource"


def test_a_strict_launch_raises_with_all_hazards() -> None:
    with pytest.raises(gpu.KernelError, match="line 8: race"):
        launch("s[t] = x[i]", "out[i] = s[63 - t]", strict=True)


def test_hazards_are_the_same_in_every_run() -> None:
    body = ["s[t] = x[i]", "out[i] = s[(t * 7) % 64]"]
    assert launch(*body).hazards == launch(*body).hazards


FILLED = ["if t == 0:", "    s[0] = float32(5)", "cuda.syncthreads()"]


def test_writes_of_one_value_harm_nobody() -> None:
    body = ["if t < 32:", "    s[0] = float32(5)", "else:", "    s[0] = float32(5)"]
    assert launch(*body).hazards == ()
    body[-1] = "    s[0] = float32(6)"
    assert {hazard.kind for hazard in launch(*body).hazards} == {"race"}


def test_atomics_do_not_race_with_each_other() -> None:
    twice = ["cuda.atomic.add(s, 0, x[i])"] * 2
    assert launch(*FILLED, *twice).hazards == ()
    shared_by_blocks = ["cuda.atomic.add(out, 0, x[i])"] * 2
    assert launch(*shared_by_blocks).hazards == ()


@pytest.mark.parametrize("writer", [0, 31, 32, 63])
def test_a_syncwarp_does_not_order_readers_of_another_warp(writer: int) -> None:
    body = ["out[i] = s[0]", "cuda.syncwarp()", f"if t == {writer}:", "    s[0] = float32(1)"]
    assert only(launch(*FILLED, *body)).kind == "race"


@pytest.mark.parametrize("writer", [0, 63, 64, 127])
def test_a_barrier_does_not_order_readers_of_another_block(writer: int) -> None:
    body = ["out[i] = x[0]", "cuda.syncthreads()", f"if i == {writer}:", "    x[0] = float32(1)"]
    assert only(launch(*body)).kind == "race"
    assert launch(*body, grid=1, block=128).hazards == ()


@pytest.mark.parametrize("writer", [1, 2])
def test_readers_at_different_steps_are_all_remembered(writer: int) -> None:
    body = [line for t in (1, 2) for line in (f"if t == {t}:", "    out[i] = s[0]")]
    body += [f"if t == {writer}:", "    s[0] = float32(1)"]
    assert {hazard.kind for hazard in launch(*FILLED, *body).hazards} == {"race"}


def test_a_fence_before_the_write_releases_nothing() -> None:
    body = ["if t == 0:", "    cuda.threadfence()", "    out[cuda.blockIdx.x + 8] = x[i]"]
    body += ["    if cuda.atomic.add(out, 0, 1) == 1:", "        out[1] = out[8] + out[9]"]
    assert "race" in {hazard.kind for hazard in launch(*body).hazards}


def test_who_comes_first_has_acquired_nothing() -> None:
    body = ["if t == 0:", "    out[cuda.blockIdx.x + 8] = x[i]", "    cuda.threadfence()"]
    body += ["    if cuda.atomic.add(out, 0, 1) == 0:", "        out[1] = out[8] + out[9]"]
    assert "race" in {hazard.kind for hazard in launch(*body).hazards}


@pytest.mark.parametrize(("fencer", "right"), [(0, True), (5, False)])
def test_a_fence_speaks_for_the_block_after_a_barrier_only(fencer: int, right: bool) -> None:
    wait = ["cuda.syncthreads()"] if right else []
    body = ["out[8 + i] = x[i]", *wait, f"if t == {fencer}:", "    cuda.threadfence()"]
    body += ["    if cuda.atomic.add(out, 0, 1) == 1:", "        out[1] = out[8]"]
    kinds = {hazard.kind for hazard in launch(*body, n=256).hazards}
    assert ("race" in kinds) is not right


def test_reads_noted_while_blocks_were_alike_count_in_each_of_them() -> None:
    body = ["s[t] = x[i]", "cuda.syncthreads()", "v = s[63 - t]", "if i < 100:", "    s[t] = v"]
    race = only(launch(*body))
    assert (race.line, race.other_line, race.count) == (FIRST + 4, FIRST + 2, 100)


def test_a_barrier_of_one_block_is_no_barrier_of_the_others() -> None:
    body = [
        "s[t] = x[i]",
        "if cuda.blockIdx.x == 0:",
        "    cuda.syncthreads()",
        "out[i] = s[63 - t]",
    ]
    race = only(launch(*body))
    assert (race.kind, {block for block, _ in race.threads}) == ("race", {1})


@pytest.mark.parametrize("writer", [1, 2])
def test_readers_on_both_sides_of_another_write_are_all_remembered(writer: int) -> None:
    body = ["if t == 1:", "    out[i] = s[0]", "if t == 5:", "    s[5] = float32(3)"]
    body += ["if t == 2:", "    out[i] = s[0]"]
    body += [f"if t == {writer}:", "    s[0] = float32(1)"]
    assert {hazard.kind for hazard in launch(*FILLED, *body).hazards} == {"race"}


def test_reads_from_before_the_blocks_parted_are_not_lost() -> None:
    body = ["s[t] = x[i]", "cuda.syncthreads()", "v = s[63 - t]"]
    body += ["if i < 100:", "    v += s[t]", "s[t] = v"]
    found = launch(*body).hazards
    assert {(race.line, race.kind) for race in found} == {(FIRST + 5, "race")}
    assert sum(race.count for race in found) == 128


def test_a_flag_is_found_behind_many_atomics() -> None:
    body = ["for j in range(70):", "    cuda.atomic.add(out, 2, x[i])"]
    body += ["if t == 0:", "    out[cuda.blockIdx.x + 8] = x[i]", "    cuda.threadfence()"]
    body += ["    if cuda.atomic.add(out, 0, 1) == 1:", "        out[1] = out[8] + out[9]"]
    assert launch(*body).hazards == ()


def test_shared_arrays_in_a_loop_are_allocated_once() -> None:
    source = HEAD.replace("64", "4096")  # 16 KiB; three of them fill a block
    source += """    for a in range(2):
        total = 0
        for b in range(2):
            more = cuda.shared.array(4096, float32)
            more[t] = x[i]
            total = total + more[t]
        out[i] = float32(total)
"""
    out, x = np.zeros(64, np.float32), np.ones(64, np.float32)
    report = gpu.launch(gpu.load(source)["k"], 1, 64, out, x)
    assert report.counters["shared_bytes_per_block"] == 2 * 4096 * 4
    assert report.ok

# %% [markdown]
# # Lab 2, part A: GPU kernels
#
# This notebook is a tour. The work is in the files of `kernels/` beside it; the handout, `README.md`, says exactly
# what each kernel does. Here you launch kernels, look at what they ask of the machine, and let the public tests look
# at your files with `%check`. Open a file, write, save, come back, and run the cell again.
# `gpu.enable()` runs Numba's launches on a virtual GPU, which finds races and counts memory traffic. It knows no time.

# %%
# %load_ext labkit
# %load_ext autoreload
# %autoreload 2

# %%
from functools import partial

import numpy as np
from numba import cuda, float32

from kernels import maps, matmul, predict, reductions
from labkit import gpu
from labkit.notebook import bars, lines

gpu.enable()
rng = np.random.default_rng(0)
normal = partial(rng.standard_normal, dtype=np.float32)


def perform(file, task, **values):
    """Make the launches that `<task>_launch` in a file of kernels/ asks for, as the grader does."""
    return gpu.perform(gpu.load(f"kernels/{file}.py"), task, values)


# %% [markdown]
# ## 2.1 Maps
# A launch needs a grid: so many blocks, of so many threads. This is what your launch function says for 1000 elements:

# %%
maps.axpby_launch({"out": (1000,)})


# %%
# Which thread takes which element? This kernel copies a matrix in two ways, and both are right. In the first one
# neighbouring threads have neighbouring columns; look at the sectors that a warp asks for.
@cuda.jit
def copy(out, x, by_rows):
    across, down = cuda.grid(2)
    row = down if by_rows else across
    col = across if by_rows else down
    out[row, col] = x[row, col]


x, out = normal((64, 64)), np.empty((64, 64), np.float32)
copy[(2, 8), (32, 8)](out, x, True)
gpu.last_report().show()

# %%
# The other way each load and each store asks for eight times as much.
copy[(2, 8), (32, 8)](out, x, False)
gpu.last_report().show()

# %%
# Your own map, on a grid that is too small for it. Under the roofs it lies far below the ridge, as every map.
a, b, out = normal(200_000), normal(200_000), np.empty(200_000, np.float32)
maps.axpby[64, 128](out, a, b, 2.0, 3.0)
gpu.last_report().show("A100")

# %% exercise="maps"
# %check maps

# %% [markdown]
# ## 2.2 Transposition
# The detour goes through shared memory, and there the banks wait. Here 32 threads fill a tile by rows, and then each
# sums up a row of its own, so that a warp reads a *column* at every step:


# %%
@cuda.jit
def row_sums(out, pitch):
    tile = cuda.shared.array(0, float32)  # as large as the launch says: 32 rows, pitch apart
    t = cuda.threadIdx.x
    for row in range(32):
        tile[row * pitch + t] = float32(row)
    cuda.syncthreads()
    total = float32(0)
    for col in range(32):
        total += tile[t * pitch + col]
    out[t] = total


out = np.empty(32, np.float32)
row_sums[1, 32, 0, 4 * 32 * 32](out, 32)
gpu.last_report().show()

# %%
# A column more, which nobody uses, and the conflicts are gone.
row_sums[1, 32, 0, 4 * 32 * 33](out, 33)
gpu.last_report().show()

# %%
# Your transposition. All sectors should be used, and no pass be wasted.
(report,) = perform("transpose", "transpose", out=normal((64, 64)), a=normal((64, 64)))
report.show()

# %% exercise="transpose"
# %check transpose

# %% [markdown]
# ## 2.3 Reductions
# A tree in shared memory, with a barrier after each level. A race is found even where the result is right: take a
# barrier out of your kernel, run the cell again, and put it back.

# %%
x, partials = normal(3000), np.empty(4, np.float32)
reductions.block_reduce[4, reductions.THREADS](partials, x, reductions.MAX)
partials.max() == x.max(), gpu.last_report().hazards

# %% exercise="reductions"
# %check reductions

# %% [markdown]
# ## 2.4 Prefix sums
# Three launches: tiles by themselves, the sums of the tiles, and what comes before each tile. Here is what each of them
# asks for:

# %%
x = rng.integers(0, 10, 5000)
reports = perform("scan", "exclusive_scan", out=np.empty_like(x), x=x)
loads = {report.kernel: report.counters["shared_load_elements"] / x.size for report in reports}
bars(loads, title="Loads from shared memory, for each element")

# %% exercise="scan"
# %check scan

# %% [markdown]
# **Question 1** (written; 3 points). A million particles have x, y, z and a mass, all float32. They can be stored as an
# array of structures (x, y, z, mass, x, y, z, mass, …) or as four arrays. Count the sectors that one warp asks for in
# both layouts, for a kernel that reads x alone, and for one that reads all four, one load after the other. Which
# layout would you choose for weights, gradients and the two moments of Adam, and why?

# %% [markdown] written="layout" points=3
# *Your answer here.*

# %% [markdown]
# ## 2.5 Matrix product, a thread for each element

# %%
a, b, c = normal((64, 64)), normal((64, 64)), np.empty((64, 64), np.float32)
matmul.matmul_naive[(4, 4), (16, 16)](c, a, b)
gpu.last_report().show()  # every element of a is read by every thread of its row

# %% exercise="matmul_naive"
# %check matmul_naive

# %% [markdown]
# ## 2.6 Matrix product in tiles
# The same product. Compare the sectors, and see where the accesses have gone:

# %%
matmul.matmul_tiled[(4, 4), (16, 16)](c, a, b)
gpu.last_report().show()

# %% exercise="matmul_tiled"
# %check matmul_tiled

# %% [markdown]
# ## 2.7 Matrix product in registers
# Three kernels for one product: how often does an element travel?

# %%
loads = {}
for task in ("naive", "tiled", "registers"):
    (report,) = perform("matmul", f"matmul_{task}", c=c, a=a, b=b)
    for space in ("global", "shared"):
        loads[f"{task}, {space}"] = report.counters[f"{space}_load_elements"] / 64**3
bars(loads, title="Loads for each multiplication, 64 x 64 x 64")

# %% exercise="matmul_registers"
# %check matmul_registers

# %% [markdown]
# **Question 2** (written; 3 points). Why stop at 64 × 64 elements for a block and 4 × 4 for a thread? Take 128 × 128
# with 8 × 8 for each of 256 threads, in steps of 16 along k. How many loads from global and from shared memory are left
# for each product? How many registers does a thread need for its sums, how much shared memory a block, and how many
# such blocks fit on one multiprocessor of an A100 (65 536 registers, 164 KiB, 2048 threads)? And what happens to a
# product of 256 × 256 on 108 multiprocessors?

# %% [markdown] written="tiles" points=3
# *Your answer here.*

# %% [markdown]
# ## 2.8 A fused epilogue
# The sum is in a register; gelu, bias and residual cost next to nothing there. What is read beside a and b:

# %%
(report,) = perform("matmul", "matmul_fused", c=c, a=a, b=b, bias=normal(64), residual=a.copy())
{name: report.traffic[name]["load_sectors"] for name in ("bias", "residual", "c")}

# %% exercise="matmul_fused"
# %check matmul_fused

# %% [markdown]
# ## 2.9 Softmax, online
# The maximum of a row grows while its sum is under way, and the sum is scaled. Your kernel on a row that overflows, and
# on one of nothing but −∞:

# %%
x = np.array([[1, 3, 2, 5], [1e4, 1e4, 1e4, 0], [-np.inf] * 4], np.float32)
perform("softmax", "softmax_rows", out=(out := np.empty_like(x)), x=x)
out.round(4)

# %% exercise="softmax"
# %check softmax

# %% [markdown]
# ## 2.10 Normalization, forward and backward
# E[x²] − E[x]² in float32, for a row whose variance is about 1, with larger and larger means; and your kernel:

# %%
row, naive, yours = normal((1, 256)), [], []
for offset in (0, 10, 100, 1000, 10_000):
    x = row + np.float32(offset)
    naive.append(abs(float((x * x).mean() - x.mean() ** 2) - float(x.var(dtype=float))) + 1e-7)
    y, mean, rstd = np.empty_like(x), np.empty(1, np.float32), np.empty(1, np.float32)
    values = {"gamma": np.ones(256, np.float32), "beta": np.zeros(256, np.float32), "eps": 0.0}
    perform("norms", "layernorm_forward", y=y, mean=mean, rstd=rstd, x=x, **values)
    yours.append(abs(1 / float(rstd[0]) ** 2 - float(x.var(dtype=float))) + 1e-7)
named = {"title": "Error of the variance", "x_label": "log₁₀ of the mean, from 0 on"}
lines({"E[x²] - E[x]²": naive, "yours": yours}, **named, log=True)

# %% exercise="norms"
# %check norms

# %% [markdown]
# ## 2.11 FlashAttention
# 128 queries and keys. Without a mask every tile of queries loads all keys; with one, those that its queries see.

# %%
q, k, v = normal((128, 16)), normal((128, 16)), normal((128, 16))
loads = {}
for causal in (0, 1):
    o, lse = np.empty_like(q), np.empty(128, np.float32)
    values = {"q": q, "k": k, "v": v, "scale": 0.25, "causal": causal}
    (report,) = perform("attention", "flash_forward", o=o, lse=lse, **values)
    for name in "qkv":
        loads[f"{name}{', causal' * causal}"] = report.traffic[name]["load_elements"] / q.size
bars(loads, title="How often each element is loaded", unit="times")

# %%
report.show()  # what the causal one asks for, line by line

# %% exercise="attention"
# %check attention

# %% [markdown]
# **Question 3** (written; 2 points). The backward pass of FlashAttention computes all scores again, and is faster than
# one that keeps them. Explain it with the roofline of an A100, for n = 4096 tokens and d = 64: count the bytes and the
# operations of both ways. For which n does the difference become small?

# %% [markdown] written="recomputation" points=2
# *Your answer here.*

# %% [markdown]
# ## 2.12 Predicting the counters
# What you say, and what the machine counts, for a matrix whose rows begin anywhere:

# %%
(report,) = perform("transpose", "transpose", out=normal((65, 33)), a=normal((33, 65)))
said = predict.predict("transpose", {"out": (65, 33), "a": (33, 65)})
{name: (count, report.counters[name]) for name, count in said.items()}

# %%
# The roofs of an A100, as your `roofline` says them.
powers = [n / 4 for n in range(-16, 37)]
reached = [predict.roofline(2.0**n * 1e9, 1e9, 19.5e12, 2.04e12) / 1e12 for n in powers]
named = {"title": "Roofline of an A100", "x_label": "log₂ of operations per byte"}
lines({"10¹² operations a second": reached}, x=powers, **named, log=True)

# %% exercise="predict"
# %check predict

# %% [markdown]
# ## Bonus
# Backward through FlashAttention without atomics; sums within a warp; 4-bit weights, where bytes are what counts.

# %% exercise="attention_backward"
# %check attention_backward

# %% exercise="warp_sum"
# %check warp_sum

# %% exercise="int4_gemv"
# %check int4_gemv

# %% [markdown]
# ## Hand in
# `%submit` packs your files and writes a receipt. Check everything once more before you do.

# %%
# %submit

# %% [markdown]
# # Lab 1: an automatic differentiation engine
#
# This notebook is a tour. The work is in the files of `autograd/` beside it; the handout, `README.md`, says
# exactly what each function does. Here you see what for, try small cases, and let the public tests look at your
# files with `%check`. Open a file, write, save, come back, and run the cell again: tests run in a process of their
# own, on what is saved. What *this* notebook has imported is updated too, by the first cell.
#
# An engine sits at the bottom of every framework: the model is written once, as a forward computation, and the
# engine finds the gradient of the loss with respect to millions of parameters for about the price of two more
# forward passes. Lecture 02 says how; you build it.

# %%
# %load_ext labkit
# %load_ext autoreload
# %autoreload 2

# %%
import numpy as np

import autograd
from autograd import Tensor
from labkit.notebook import bars, flow, graph, lines

rng = np.random.default_rng(0)

# %% [markdown]
# ## 1.1 Broadcasting and its adjoint
#
# NumPy repeats a small array to meet a large one. On the way back each copy brings a gradient, and they add up.
# One row `b` added to three rows is used three times:

# %%
autograd.unbroadcast(Tensor(np.arange(12.0).reshape(3, 4)), (1, 4)).data

# %% exercise="broadcast"
# %check broadcast

# %% [markdown]
# ## 1.2 Elementwise functions
#
# A rule for the way back is written with tensors, not with arrays, so that it can be differentiated again.
# Here is your `tanh`:

# %%
xs = np.linspace(-4, 4, 81)
lines({"tanh x": autograd.tanh(Tensor(xs)).data.tolist()}, x=xs.tolist(), title="tanh", x_label="x")

# %% exercise="elementwise"
# %check elementwise

# %% [markdown]
# ## 1.3 Functions that move elements
#
# `reshape`, `permute`, `getitem`, `concat`, `split` and `pad` compute nothing. Each sends its gradient back to
# where the elements came from; an element that was taken twice receives two gradients.

# %%
autograd.getitem(Tensor(np.arange(5.0)), np.array([0, 0, 3])).data

# %% exercise="shaping"
# %check shaping

# %% [markdown]
# ## 1.4 Reductions
#
# `logsumexp` is the one to be careful with: `exp` of 1000 is infinite, and yet the answer is about 1000.7.

# %%
autograd.logsumexp(Tensor([1000.0, 1000.0])).data

# %% exercise="reductions"
# %check reductions

# %% [markdown]
# ## 1.5 Matrix products
#
# With G the gradient of A B, the gradient of A is G Bᵀ and that of B is Aᵀ G. The rest is axes: batches, vectors,
# broadcasting.

# %%
autograd.matmul(Tensor(np.ones((5, 2, 3))), Tensor(np.ones((3, 4)))).shape

# %% exercise="matmul"
# %check matmul

# %% [markdown]
# ## 1.6 The backward engine
#
# The forward pass has recorded a graph. Two paths lead back from the result below to `x`; the engine may go on from
# a tensor only when all that flows into it has arrived.

# %%
x = Tensor([1.5], requires_grad=True)
y = autograd.tanh(x)
loss = autograd.sum(y * y + x)
graph(loss, names={"x": x, "y": y, "loss": loss})

# %% [markdown]
# The way back, with the size of the gradient that reaches each tensor. It is computed by your engine:

# %%
flow(loss, autograd.grad, names={"x": x, "y": y, "loss": loss})

# %% exercise="engine"
# %check engine

# %% [markdown]
# ## 1.7 Derivatives of derivatives
#
# Since rules are written with tensors, a gradient has a graph of its own. A product of the Hessian with a vector
# costs two passes, and no matrix of n × n numbers.

# %%
x = Tensor([1.0, 2.0], requires_grad=True)
autograd.hvp(lambda x: autograd.sum(x * x * x), x, Tensor([1.0, 0.0])).data

# %% exercise="derivatives"
# %check derivatives

# %% [markdown]
# ## 1.8 A gradient checker
#
# A central difference has an error of h², until rounding takes over. The best step is in the middle:

# %%
steps = 10.0 ** np.arange(-13, 0)
errors = [abs((np.sin(1 + h) - np.sin(1 - h)) / (2 * h) - np.cos(1)) + 1e-16 for h in steps]
lines(
    {"error": errors},
    x=np.log10(steps).tolist(),
    title="Derivative of sin at 1, by differences",
    x_label="log₁₀ of the step",
    log=True,
)

# %% exercise="gradcheck"
# %check gradcheck

# %% [markdown]
# ## 1.9 Modules and layers
#
# A module finds its parameters by itself, under names that a checkpoint on disk can rely on.

# %%
model = autograd.Sequential(autograd.Linear(4, 8, rng), autograd.LayerNorm(8))
{name: p.shape for name, p in model.named_parameters()}

# %% exercise="modules"
# %check modules

# %% [markdown]
# ## 1.10 Fused functions
#
# Written from small functions, cross-entropy keeps half a dozen arrays of the size of the logits for the way back.
# With a rule of its own it keeps one.

# %%
logits = Tensor(rng.normal(size=(64, 1000)), requires_grad=True)
targets = rng.integers(0, 1000, size=64)
autograd.cross_entropy(logits, targets).data

# %% exercise="fused"
# %check fused

# %% [markdown]
# **Question 1** (written; 3 points). Why do fused kernels pay? Take layer normalisation of a row of n float32
# numbers, once as a chain of elementwise functions and reductions, once as one kernel. Count the bytes that each
# moves, and say on which machines, and for which n, the difference matters, and where it does not.

# %% [markdown] written="fusion" points=3
# *Your answer here.*

# %% [markdown]
# ## 1.11 Optimizers
#
# The learning rate rises, and then falls along a cosine:

# %%
rates = [autograd.cosine_lr(step, peak=1.0, warmup=20, total=150) for step in range(150)]
lines({"rate": rates}, title="cosine_lr(step, peak=1, warmup=20, total=150)", x_label="step")

# %% exercise="optimizers"
# %check optimizers

# %% [markdown]
# ## 1.12 A language model
#
# All of it together: a small GPT learns to repeat a sequence of letters after a separator. It runs on your engine alone.

# %%
config = autograd.GPTConfig(vocab=9, context=10, width=32, layers=1, heads=2, kv_heads=1, hidden=64)
gpt = autograd.GPT(config, rng)
letters = rng.integers(0, 8, size=(60, 16, 5))
text = np.concatenate([letters, np.full((60, 16, 1), 8), letters], -1)
expected = text[..., 1:].copy()
expected[..., :5] = -100  # what comes before the separator cannot be known
batches = list(zip(text[..., :-1], expected, strict=True))
losses = autograd.train(gpt, batches, peak=1e-2, warmup=10)
lines({"loss": losses}, title="Learning to repeat five letters", x_label="step")

# %% [markdown]
# How strongly the loss pulls at each parameter, after training:

# %%
loss = autograd.cross_entropy(autograd.reshape(gpt(text[0, :, :-1]), (-1, 9)), expected[0].ravel())
autograd.backward(loss)
sizes = {
    name: float((p.grad.data**2).sum() ** 0.5)
    for name, p in gpt.named_parameters()
    if p.grad is not None
}
bars(sizes, title="Norm of the gradient")

# %% exercise="gpt"
# %check gpt

# %% [markdown]
# **Question 2** (written; 3 points). Attention or a recurrent network? Both map a sequence of n tokens to n
# results. Compare the work, the number of steps that must follow one another, and the memory that training and
# generation need, as n grows. Which would you choose for 500 tokens, and which for 500,000?

# %% [markdown] written="attention" points=3
# *Your answer here.*

# %% [markdown]
# **Question 3** (written; 2 points). Your engine keeps every input that a rule needs until the way back. Which of
# the functions you wrote could keep less, and what would that cost?

# %% [markdown] written="memory" points=2
# *Your answer here.*

# %% [markdown]
# ## Bonus
#
# **Checkpointing** trades a second forward pass for memory. **Compiling** fuses a graph into few passes over
# memory, on a machine that counts them.

# %% exercise="checkpointing"
# %check checkpointing

# %% exercise="compiling"
# %check compiling

# %% [markdown]
# ## Hand in
#
# `%submit` packs your files and writes a receipt. Check everything once more before you do.

# %%
# %submit

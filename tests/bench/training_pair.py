"""Times the training steps of two equal models in turn, and prints the median ratio.

A program of its own, with the name of a size as argument: the number of threads is fixed before
NumPy and PyTorch are imported.
"""

import statistics
import sys
import time

import autograd
import numpy as np
import torch
from torch import nn

SIZES = {
    "1.12": autograd.GPTConfig(9, 10, width=32, layers=1, heads=2, kv_heads=2, hidden=64),
    "larger": autograd.GPTConfig(64, 64, width=64, layers=2, heads=4, kv_heads=4, hidden=256),
}
CONFIG = SIZES[sys.argv[1]]
BATCH, STEPS, ROUNDS = 16, 3, 7
RATE = 1e-3


class Block(nn.Module):
    """As `autograd.gpt.Block`."""

    def __init__(self) -> None:
        super().__init__()
        width, hidden = CONFIG.width, CONFIG.hidden
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(batch, tokens, width) -> the same."""
        batch, tokens, width = x.shape
        parts = self.project(self.norm1(x)).split(width, -1)
        q, k, v = (p.view(batch, tokens, CONFIG.heads, -1).transpose(1, 2) for p in parts)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.contract(torch.relu(self.expand(self.norm2(x))))


class GPT(nn.Module):
    """As `autograd.gpt.GPT`."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(CONFIG.vocab, CONFIG.width)
        self.positions = nn.Embedding(CONFIG.context, CONFIG.width)
        self.blocks = nn.ModuleList(Block() for _ in range(CONFIG.layers))
        self.norm = nn.LayerNorm(CONFIG.width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(batch, tokens) -> (batch, tokens, vocab)."""
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.tokens.weight.T


def same_weights(theirs: GPT, ours: autograd.GPT) -> None:
    """Copy the weights of our model; theirs keeps matrices the other way round."""
    state = {name.replace(".attention.", "."): a for name, a in ours.state_dict().items()}
    with torch.no_grad():
        for name, parameter in theirs.named_parameters():
            array = torch.tensor(state[name])
            parameter.copy_(array.T if _turned(name) else array)


def _turned(name: str) -> bool:
    layer, kind = name.split(".")[-2:]
    return kind == "weight" and layer in ("project", "output", "expand", "contract")


def our_step(model: autograd.GPT, optimizer: autograd.AdamW, ids: np.ndarray) -> float:
    """One step; the loss."""
    loss = autograd.cross_entropy(model(ids[:, :-1]), ids[:, 1:])
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def their_step(model: GPT, optimizer: torch.optim.Optimizer, ids: torch.Tensor) -> float:
    """The same step; the loss."""
    logits = model(ids[:, :-1])
    loss = nn.functional.cross_entropy(logits.reshape(-1, CONFIG.vocab), ids[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main() -> None:
    """Print the median over rounds of (our CPU seconds / theirs)."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(0)
    ours, theirs = autograd.GPT(CONFIG, rng), GPT()
    same_weights(theirs, ours)
    mine = autograd.AdamW(ours.parameters(), lr=RATE)
    other = torch.optim.AdamW(theirs.parameters(), lr=RATE, foreach=False)
    ratios = []
    for _ in range(ROUNDS):
        batches = rng.integers(0, CONFIG.vocab, size=(STEPS, BATCH, CONFIG.context + 1))
        began = time.process_time()
        losses = [our_step(ours, mine, ids) for ids in batches]
        between = time.process_time()
        wanted = [their_step(theirs, other, torch.tensor(ids)) for ids in batches]
        ratios.append((between - began) / (time.process_time() - between))
        np.testing.assert_allclose(losses, wanted, rtol=1e-8)
    print(statistics.median(ratios))


if __name__ == "__main__":
    main()

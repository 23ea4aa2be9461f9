"""A small language model, and the loop that trains it: everything of this lab at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograd.elementwise import relu
from autograd.fused import attention, cross_entropy, layer_norm
from autograd.layers import Dropout, Embedding, LayerNorm, Linear, Rng
from autograd.linear import transpose_last
from autograd.module import Module
from autograd.optim import AdamW, clip_grad_norm_, cosine_lr
from autograd.shaping import permute, reshape, split
from autograd.tensor import Array, Tensor

Batch = tuple[Array, Array]


@dataclass(frozen=True)
class GPTConfig:
    """The size of a model."""

    vocab: int  # ids are 0 to vocab - 1
    context: int  # most tokens in a sequence
    width: int  # of the vector of a token
    layers: int
    heads: int  # of queries; divides width
    kv_heads: int  # of keys and values; divides heads
    hidden: int  # width inside an MLP
    dropout: float = 0.0


class CausalSelfAttention(Module):
    """Attention of each token to itself and those before it.

    Attributes:
        project: `Linear` to queries, keys and values, one after the other: (heads + 2 kv_heads)
            times width / heads. Heads follow each other within each of the three.
        output: `Linear` from the heads, one after the other, to `width`.
    """

    def __init__(self, config: GPTConfig, rng: Rng) -> None:
        self.config = config
        self.head = config.width // config.heads
        self.project = Linear(config.width, (config.heads + 2 * config.kv_heads) * self.head, rng)
        self.output = Linear(config.width, config.width, rng)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same."""
        batch, tokens, width = x.shape
        q_width, kv_width = (n * self.head for n in (self.config.heads, self.config.kv_heads))
        parts = split(self.project(x), (q_width, kv_width, kv_width), axis=-1)
        seen = attention(*map(self.by_head, parts), causal=True)
        return self.output(reshape(permute(seen, (0, 2, 1, 3)), (batch, tokens, width)))

    def by_head(self, x: Tensor) -> Tensor:
        """(batch, tokens, heads * head) -> (batch, heads, tokens, head)."""
        batch, tokens, width = x.shape
        heads = reshape(x, (batch, tokens, width // self.head, self.head))
        return permute(heads, (0, 2, 1, 3))


class Block(Module):
    """Attention, then an MLP, each on normalized input and added to what came in.

    Attributes:
        norm1: `LayerNorm` before the attention.
        attention: `CausalSelfAttention`.
        norm2: `LayerNorm` before the MLP.
        expand: `Linear` from width to hidden.
        contract: `Linear` from hidden to width.
        dropout: `Dropout` of what is added.
    """

    def __init__(self, config: GPTConfig, rng: Rng) -> None:
        self.norm1 = LayerNorm(config.width)
        self.attention = CausalSelfAttention(config, rng)
        self.norm2 = LayerNorm(config.width)
        self.expand = Linear(config.width, config.hidden, rng)
        self.contract = Linear(config.hidden, config.width, rng)
        self.dropout = Dropout(config.dropout, rng)

    def forward(self, x: Tensor) -> Tensor:
        """Return y + dropout(MLP(norm2(y))) with y = x + dropout(attention(norm1(x))).

        MLP(z) is contract(relu(expand(z))). (batch, tokens, width) -> the same.
        """
        x = x + self.dropout(self.attention(normalized(self.norm1, x)))
        inner = relu(self.expand(normalized(self.norm2, x)))
        return x + self.dropout(self.contract(inner))


class GPT(Module):
    """A decoder-only transformer with tied embeddings.

    Source: A. Radford et al., "Language models are unsupervised multitask learners", 2019 (GPT-2).

    Attributes:
        tokens: `Embedding` of the ids; its weight, transposed, also makes the logits.
        positions: `Embedding` of 0, 1, …, context - 1.
        blocks: A list of `Block`.
        norm: `LayerNorm` before the logits.
    """

    def __init__(self, config: GPTConfig, rng: Rng) -> None:
        self.config = config
        scale = config.width**-0.5
        self.tokens = Embedding(config.vocab, config.width, rng, std=scale)
        self.positions = Embedding(config.context, config.width, rng, std=scale)
        self.blocks = [Block(config, rng) for _ in range(config.layers)]
        self.norm = LayerNorm(config.width)

    def forward(self, ids: Array) -> Tensor:
        """Return the logits of the token after each: (batch, tokens) -> (batch, tokens, vocab).

        The sum of both embeddings, the blocks, the norm, and the product with the embedding of
        the tokens.

        Raises:
            ValueError: more tokens than `context`.
        """
        ids = np.asarray(ids)
        _, tokens = ids.shape
        if tokens > self.config.context:
            raise ValueError(f"{tokens} tokens are more than a context of {self.config.context}")
        x = self.tokens(ids) + self.positions(np.arange(tokens))
        for block in self.blocks:
            x = block(x)
        return normalized(self.norm, x) @ transpose_last(self.tokens.weight)


def normalized(norm: LayerNorm, x: Tensor) -> Tensor:
    """Return ``norm(x)`` by the fused function."""
    return layer_norm(x, norm.weight, norm.bias, norm.eps)


def train(
    model: GPT,
    batches: Sequence[Batch],
    *,
    peak: float = 3e-3,
    warmup: int = 20,
    clip: float = 1.0,
    weight_decay: float = 0.01,
) -> list[float]:
    """Train `model`, one step of AdamW for each batch, and return the loss before each step.

    The rate is that of `cosine_lr` over all batches; gradients are clipped to the norm `clip`.
    The model is left in training mode. Memory does not grow with the number of steps.

    Args:
        model: Its parameters are changed.
        batches: Pairs of ids and targets, integers (batch, tokens). A target of -100 does not
            count.
        peak: As for `cosine_lr`.
        warmup: As for `cosine_lr`; must be below the number of batches.
        clip: As `max_norm` for `clip_grad_norm_`.
        weight_decay: As for `AdamW`.
    """
    model.train()
    optimizer = AdamW(model.parameters(), lr=peak, weight_decay=weight_decay)
    losses: list[float] = []
    for step, (ids, targets) in enumerate(batches):
        rate = cosine_lr(step, peak=peak, warmup=warmup, total=len(batches))
        for group in optimizer.groups:
            group["lr"] = rate
        model.zero_grad()
        loss = cross_entropy(model(ids), targets)
        loss.backward()
        clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
    return losses

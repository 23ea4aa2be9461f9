"""The figure of 1.12: the parts of the language model, with the names of their parameters."""

from drawing import BACKWARD, FORWARD, INK, LEAF, LINE, RESULT, SOFT, TINTS, Drawing, Point

WIDTH = 270.0  # of a part


def part(
    d: Drawing, middle: float, top: float, name: str, owns: str = "", fill: str = RESULT
) -> None:
    """Draw a part: what it is, and below the parameters it owns."""
    height = 52.0 if owns else 34.0
    d.box(middle - WIDTH / 2, top, WIDTH, height, LEAF if owns else fill)
    d.text((middle, top + 22), name, bold=bool(owns))
    if owns:
        d.text((middle, top + 43), owns, SOFT, 14)


def gpt() -> str:
    """The model on the left, one of its blocks on the right."""
    d = Drawing(
        "The language model and one of its blocks",
        "Ids become vectors: the embedding of the token plus that of the position. Blocks follow, "
        "a normalization, and the product with the embedding of the tokens, transposed, which "
        "gives the logits. A block adds attention of its normalized input, and then an MLP of the "
        "normalized sum.",
        930,
        860,
    )
    _model(d, 175)
    _block(d, 640)
    return d.svg()


def _model(d: Drawing, x: float) -> None:
    d.text((x, 36), "GPT", FORWARD, 18, bold=True)
    d.text((x, 72), "ids  (batch, tokens)")
    d.arrow((x, 80), (x, 106))
    part(d, x, 110, "tokens + positions", "tokens.weight, positions.weight")
    d.arrow((x, 164), (x, 206))
    d.text((x + 12, 190), "(batch, tokens, width)", SOFT, 14, "start")
    for k, name in enumerate(("blocks.0", "blocks.1", "…")):
        part(d, x, 210 + 70 * k, name, fill=TINTS[1])
        d.arrow((x, 246 + 70 * k), (x, 276 + 70 * k))
    part(d, x, 420, "norm", "norm.weight, norm.bias")
    d.arrow((x, 392), (x, 416))
    d.arrow((x, 474), (x, 516))
    part(d, x, 520, "@ transposed tokens.weight", fill=LEAF)
    d.arrow((x, 556), (x, 596))
    d.text((x, 620), "logits  (batch, tokens, vocab)")
    d.text((x, 668), "Tied: tokens.weight is used at both ends,", BACKWARD, 15)
    d.text((x, 690), "and its gradient is the sum of two.", BACKWARD, 15)


def _block(d: Drawing, x: float) -> None:
    d.box(x - 270, 14, 540, 832, "#f8fafc")
    d.text((x, 40), "a block: blocks.i", FORWARD, 18, bold=True)
    d.text((x, 68), "x  (batch, tokens, width)")
    tops = _half(d, x, 80, ATTENTION)
    _half(d, x, tops, MLP)
    d.arrow((x, 794), (x, 814))
    d.text((x, 832), "(batch, tokens, width)")


ATTENTION = (
    ("norm1", "norm1.weight, norm1.bias", ""),
    ("attention.project", "weight (width, (heads + 2 kv_heads) head), bias", "split: q, k, v"),
    ("attention(q, k, v, causal=True)", "", "heads together"),
    ("attention.output", "weight (width, width), bias", ""),
    ("dropout", "", ""),
)
MLP = (
    ("norm2", "norm2.weight, norm2.bias", ""),
    ("expand", "weight (width, hidden), bias", ""),
    ("relu", "", ""),
    ("contract", "weight (hidden, width), bias", ""),
    ("dropout", "", ""),
)


def _half(d: Drawing, x: float, top: float, parts: tuple[tuple[str, str, str], ...]) -> float:
    """Draw what is added to x, and the way around it; return where the sum is."""
    y = top
    for name, owns, then in parts:
        d.arrow((x, y), (x, y + 18))
        _wide(d, x, y + 20, name, owns)
        y += 20 + (48 if owns else 32)
        if then:
            d.text((x + 12, y + 15), then, SOFT, 13, "start")
    d.arrow((x, y), (x, y + 20))
    plus(d, (x, y + 32))
    side = x - 235
    d.arrow((x, top), (side, top), (side, y + 32), (x - 15, y + 32))
    return y + 46


def _wide(d: Drawing, x: float, top: float, name: str, owns: str) -> None:
    d.box(x - 205, top, 410, 46 if owns else 30, LEAF if owns else RESULT)
    d.text((x, top + 20), name, bold=bool(owns), size=15)
    if owns:
        d.text((x, top + 39), owns, SOFT, 13)


def plus(d: Drawing, at: Point) -> None:
    """Draw a sum."""
    d.box(at[0] - 13, at[1] - 13, 26, 26, "#ffffff", LINE)
    d.text((at[0], at[1] + 6), "+", INK, 18, bold=True)

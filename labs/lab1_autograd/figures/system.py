"""The figure of where this lab lives: the layers of an ML system."""

from drawing import FORWARD, INK, LEAF, LINE, RESULT, SOFT, Drawing

LAYERS = (
    ("Models", "transformers, losses, optimizers", "course project"),
    ("Automatic differentiation", "graphs, functions, gradients", "this lab"),
    ("Graph optimization", "rewriting, fusion, memory planning", ""),
    ("Parallelism, distributed", "data, tensor, pipeline; collectives", "Lab 3"),
    ("Hardware acceleration", "NVIDIA GPU, Huawei NPU, mobile", "Lab 2"),
)

CUTTING_ACROSS = ("kernel fusion,", "mega-kernels,", "overlap of computing", "and sending")


def layers() -> str:
    """The layers of an ML system, and where the labs live."""
    d = Drawing(
        "The layers of an ML system",
        "From top to bottom: models, automatic differentiation (this lab), graph optimization, "
        "parallelism, hardware acceleration. Some optimizations cut across all of them.",
        960,
        350,
    )
    for k, (name, what, lab) in enumerate(LAYERS):
        y, here = 24 + 62 * k, lab == "this lab"
        d.box(30, y, 690, 50, LEAF if here else RESULT, FORWARD if here else LINE)
        d.text((50, y + 31), name, FORWARD if here else INK, 17, "start", bold=True)
        d.text((325, y + 31), what, SOFT, 15, "start")
        d.text((702, y + 31), lab, FORWARD if here else SOFT, 15, "end", bold=here)
    d.box(750, 24, 180, 298, RESULT)
    d.text((840, 120), "Cross-layer", INK, 17, bold=True)
    d.text((840, 144), "optimizations", INK, 17, bold=True)
    for k, words in enumerate(CUTTING_ACROSS):
        d.text((840, 186 + 22 * k), words, SOFT, 15)
    return d.svg()

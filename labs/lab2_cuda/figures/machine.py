"""Figures of the machine: its memories, its warps.

Figures of an A100 are those of NVIDIA's white paper and datasheet; nothing was measured.
"""

from drawing import BACKWARD, FORWARD, INK, LEAF, LINE, PAPER, RESULT, SOFT, TINTS, Drawing

PROCESSORS, GHZ = 108, 1.41
GLOBAL_TB = 2.039  # terabytes a second
SHARED_BYTES = 128  # a cycle, of one multiprocessor: 32 banks of 4 bytes
FP32 = 64  # results a cycle of one multiprocessor; a fused product is two operations

# Name, who sees it, how much there is, how wide the box is.
MEMORIES = (
    ("registers", "one thread", "256 KiB in each multiprocessor", 300),
    ("shared memory", "the threads of one block", "164 KiB in each multiprocessor", 390),
    ("L2 cache", "all threads; it works by itself", "40 MB", 500),
    ("global memory", "all threads, and the host", "80 GB", 610),
)


def memory() -> str:
    """The memories of a GPU, from the smallest and fastest to the largest and slowest."""
    shared = PROCESSORS * SHARED_BYTES * GHZ / 1000
    flops = 2 * PROCESSORS * FP32 * GHZ / 1000
    d = Drawing(
        "The memories of a GPU",
        "From top to bottom: registers, which one thread sees; shared memory, which the threads "
        f"of a block see, {shared:.1f} terabytes a second on an A100; the L2 cache; global "
        f"memory, {GLOBAL_TB:.1f} terabytes a second. Arithmetic: {flops:.1f} teraflop/s.",
        960,
        446,
    )
    speeds = {1: f"{shared:.1f} TB/s, all together", 3: f"{GLOBAL_TB:.1f} TB/s"}
    middle = 335
    d.box(middle - 190, 18, 380, 44, TINTS[1])
    d.text((middle, 46), f"arithmetic: {flops:.1f} · 10¹² float32 a second", INK, 15, bold=True)
    for k, (name, who, size, wide) in enumerate(MEMORIES):
        y = 96 + 80 * k
        here = k in (1, 3)
        d.line([(middle, y - (34 if k == 0 else 24)), (middle, y)], LINE, 2.5)
        d.box(middle - wide / 2, y, wide, 56, LEAF if here else RESULT, FORWARD if here else LINE)
        d.text((middle, y + 24), name, FORWARD if here else INK, 17, bold=True)
        d.text((middle, y + 45), who, SOFT, 14)
        d.text((670, y + 24), size, INK, 15, "start")
        d.text((670, y + 46), speeds.get(k, ""), FORWARD, 15, "start", bold=True)
    d.text((670, 46), "figures of an A100", SOFT, 15, "start")
    meanwhile = 4 * flops / GLOBAL_TB
    said = (
        f"While one float32 comes from global memory there is time for {meanwhile:.0f} operations."
    )
    d.text((30, 424), said, BACKWARD, 15, "start", bold=True)
    return d.svg()


def warps() -> str:
    """A grid of blocks, a block of warps; and what a branch costs."""
    d = Drawing(
        "Grid, block, warp; and a branch",
        "A grid of 3 by 2 blocks; one block of 32 by 4 threads, which are 4 warps. A branch that "
        "parts the lanes of a warp makes the warp go both ways, one after the other; one that "
        "parts whole warps costs nothing.",
        960,
        470,
    )
    _grid(d)
    _block(d)
    d.line([(24, 214), (936, 214)])
    lanes_part = [(0, 16), (16, 32)], [(0, 16), (16, 32)]
    warps_part = [(0, 32), (0, 0)], [(0, 0), (0, 32)]
    for left, title, (first, second), said in (
        (40, "if lane < 16: A else: B", lanes_part, "each warp goes both ways: 4 turns in all"),
        (510, "if warp == 0: A else: B", warps_part, "each warp goes one way: 2 turns in all"),
    ):
        d.text((left, 248), title, INK, 16, "start", bold=True)
        for k in range(2):
            top = 268 + 78 * k
            d.text((left, top + 20), f"warp {k}", SOFT, 14, "start")
            _turn(d, left + 64, top, "A", first[k] if first is warps_part[0] else first[0])
            way = second[k] if second is warps_part[1] else second[1]
            _turn(d, left + 64, top + 34, "B", way)
        d.text((left, 448), said, BACKWARD if left < 100 else FORWARD, 15, "start", bold=True)
    return d.svg()


def _turn(d: Drawing, left: float, top: float, name: str, at_work: tuple[int, int]) -> None:
    """Draw the 32 lanes in one branch: those at work, and those that wait."""
    if at_work == (0, 0):
        d.text((left, top + 20), f"{name}: skipped", SOFT, 14, "start")
        return
    for lane in range(32):
        busy = at_work[0] <= lane < at_work[1]
        d.box(left + 10 * lane, top + 4, 9, 22, TINTS[0] if busy else PAPER, round=2)
    d.text((left + 332, top + 21), name, INK, 15, "start", bold=True)


def _grid(d: Drawing) -> None:
    d.text((40, 38), "grid (3, 2)", INK, 16, "start", bold=True)
    for y in range(2):
        for x in range(3):
            here = (x, y) == (2, 0)
            left, top = 40 + 92 * x, 54 + 66 * y
            d.box(left, top, 84, 58, LEAF if here else RESULT, FORWARD if here else LINE)
            d.text((left + 42, top + 26), "block", SOFT, 14)
            d.text((left + 42, top + 45), f"({x}, {y})", FORWARD if here else SOFT, 14)


def _block(d: Drawing) -> None:
    d.arrow((312, 83), (398, 83))
    d.text((410, 38), "block (32, 4): threadIdx.x runs fastest", INK, 16, "start", bold=True)
    d.box(404, 50, 516, 150, LEAF, FORWARD)
    for y in range(4):
        top = 64 + 34 * y
        for x in range(32):
            d.box(418 + 11.5 * x, top, 10.5, 24, TINTS[y % 3], round=2)
        d.text((798, top + 17), f"warp {y}: y = {y}", INK, 14, "start")

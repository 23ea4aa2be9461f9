"""The correct kernels: how each is launched, and what NumPy says comes of it."""

from functools import partial

import numpy as np

from tests.npu_kernels.case import (
    CORRECT,
    FOLDER,
    Array,
    Case,
    Outcome,
    floats,
    halves,
    integers,
    last,
    same_size,
    zeros,
)

SAMPLES = sorted((FOLDER / "samples").glob("*.cpp"))
MANUAL = CORRECT / "manual_sync.cpp"


def masked(a: Array, b: Array) -> Array:
    """What correct/vectors.cpp `masks` says of itself."""
    y = np.full((4, 64), 9, np.float32)
    y[:, ::2] = (a + b).reshape(4, 64)[:, ::2]
    y[1::2, :16] = (a * b).reshape(4, 64)[1::2, :16]
    return y.ravel()


def sigmoid(x: Array) -> Array:
    """In float, rounded to half once."""
    return (1 / (1 + np.exp(-x.astype(np.float32)))).astype(np.float16)


def counted(x: Array) -> Array:
    """The first 200 of 256 are exponentials."""
    return np.where(np.arange(256) < 200, np.exp(x), 0).astype(np.float32)


def softmax(x: Array) -> Array:
    """Of each row of 128."""
    e = np.exp(x.reshape(-1, 128).astype(np.float64))
    return (e / e.sum(1, keepdims=True)).ravel()


def rms_norm(x: Array, weight: Array) -> Array:
    """Of each row of 128."""
    rows = x.reshape(-1, 128).astype(np.float64)
    return (rows / np.sqrt((rows**2).mean(1, keepdims=True) + 1e-6) * weight).ravel()


def replaced(x: Array, z: Array) -> Array:
    """What correct/manual_sync.cpp `barriers` says of itself."""
    y = np.concatenate([z, x[128:]])
    y = (y + 1) * np.float32(0.5)
    return np.concatenate([y[128:], y[128:]])


def tripled(x: Array, *_: int) -> Outcome:
    """In place."""
    return [x * 3, None, None]


def turned(x: Array, _: Array, f: Array, __: Array) -> Outcome:
    """A transpose, and a broadcast."""
    return [None, x.reshape(16, 16).T.ravel(), None, np.repeat(f, 8)]


def summed(x: Array, *_: Array) -> Outcome:
    """A sum for each core in the workspace, 32 bytes apart, and the sum of all."""
    parts = x.reshape(6, 512).astype(np.float64).sum(1)
    return [None, np.pad(parts[:, None], ((0, 0), (0, 7))).ravel(), np.eye(8)[0] * parts.sum()]


def shape(count: int, operand: float) -> bytes:
    """The tiling of correct/cores.cpp `by_key`."""
    return np.uint32(count).tobytes() + np.float32(operand).tobytes()


QUEUES, COPIES, VECTORS, ROWS, CORES, FORMS = (
    f"{name}.cpp" for name in ("queues", "copies", "vectors", "rows", "cores", "forms")
)
_manual = partial(Case, MANUAL.name)

CASES = (
    _manual("ping_pong", same_size(floats, 4 * 7 * 256, 7), last(lambda x: 2 * x + 1), blocks=4),
    _manual("one_buffer", same_size(floats, 5 * 256, 5), last(np.abs)),
    _manual("c_spellings", same_size(floats, 256), last(lambda x: x * x)),
    _manual("barriers", lambda r: [floats(r, 256), floats(r, 128), zeros(256)], last(replaced)),
    _manual("there_and_back", lambda r: [floats(r, 256)], lambda x: [x + 1 + 1]),
    Case(QUEUES, "copy_through", same_size(integers, 3 * 4 * 256, 4), last(np.copy), blocks=3),
    Case(QUEUES, "depth_zero", same_size(halves, 6 * 256, 6), last(lambda x: np.maximum(x, 0))),
    Case(
        QUEUES,
        "four_queues",
        same_size(floats, 5 * 256, 5, sources=4),
        last(lambda a, b, c, d: 0 + a + b + c + d),
    ),
    Case(QUEUES, "in_place", lambda r: [floats(r, 1000), 1000, 256], tripled, blocks=6),
    Case(
        QUEUES,
        "queue_states",
        lambda r: [floats(r, 256), zeros(8, np.int32)],
        last(lambda _: np.array([0, 1, 2, 0, 0, 0, 1, 0])),
    ),
    Case(COPIES, "any_length", same_size(halves, 77, 77), last(lambda x: x + np.float16(1))),
    Case(
        COPIES,
        "columns",
        lambda r: [floats(r, 24 * 64), zeros(24 * 32), 24],
        last(lambda x: x.reshape(24, 64)[:, 16:48].ravel()),
    ),
    Case(
        COPIES,
        "short_rows",
        lambda r: [floats(r, 40 * 5), zeros(40), 40],
        last(lambda x: x.reshape(40, 5).max(1)),
    ),
    Case(
        COPIES,
        "left_padding",
        lambda r: [r.integers(-99, 99, 90, dtype=np.int16), zeros(9 * 13, np.int16), 9],
        last(lambda x: np.pad(x.reshape(9, 10), ((0, 0), (3, 0)), constant_values=7).ravel()),
    ),
    Case(
        COPIES,
        "atomic_sum",
        lambda r: [integers(r, 8 * 64), zeros(64, np.int32), 64],
        last(lambda x: x.reshape(8, 64).sum(0)),
        blocks=8,
    ),
    Case(
        COPIES,
        "atomic_max",
        lambda r: [floats(r, 8 * 64), np.full(64, -9, np.float32), 64],
        last(lambda x: x.reshape(8, 64).max(0)),
        blocks=8,
    ),
    Case(VECTORS, "masks", same_size(floats, 256, sources=2), last(masked)),
    Case(
        VECTORS,
        "strides",
        lambda r: [halves(r, 1024), zeros(512, np.float16)],
        last(lambda x: 2 * x.reshape(-1, 2, 16)[:, 0].ravel()),
    ),
    Case(VECTORS, "counter", same_size(floats, 256, 200), last(counted), tolerance=1e-6),
    Case(VECTORS, "cast_chain", same_size(halves, 256), last(sigmoid), tolerance=1e-3),
    Case(
        VECTORS,
        "expressions",
        same_size(floats, 128, sources=2),
        last(lambda a, b: np.where(a > b, (a + b) * (a - b), 0)),
    ),
    Case(
        VECTORS,
        "choose",
        same_size(floats, 128, 0.25, sources=2),
        last(lambda x, other: np.where(x >= 0.25, x, other)),
    ),
    Case(VECTORS, "backwards", same_size(floats, 64), last(np.flip)),
    Case(
        VECTORS,
        "deal",
        same_size(floats, 128),
        last(lambda x: np.concatenate([x[::2], x[1::2]]) + np.float32(64)),
    ),
    Case(
        VECTORS,
        "turn",
        lambda r: [halves(r, 256), zeros(256, np.float16), floats(r, 8), zeros(64)],
        turned,
    ),
    Case(
        VECTORS,
        "bits",
        lambda r: [r.integers(0, 2**15, 128, dtype=np.int16), zeros(128, np.int16)],
        last(lambda x: ((x & 0x0FF0) | 3) >> 1),
    ),
    Case(
        FORMS,
        "by_fields",
        same_size(halves, 5 * 256),
        last(lambda x: x * np.float16(2.5)),
        tiling=shape(5 * 256, 2.5),
    ),
    Case(
        FORMS,
        "by_pointer",
        same_size(floats, 3 * 256),
        last(lambda x: x * np.float32(0.1)),
        tiling=shape(3 * 256, 0.1),
    ),
    Case(
        FORMS,
        "pipes_in_turn",
        lambda r: [floats(r, 256), zeros(256), zeros(256), zeros(256)],
        lambda x, *_: [None, 2 * x, 3 * x, 4 * x],
    ),
    Case(FORMS, "all_barriers", same_size(halves, 5 * 128, 5 * 128), last(np.abs)),
    Case(ROWS, "softmax", same_size(floats, 24 * 128, 24), last(softmax), 4, tolerance=1e-5),
    Case(
        ROWS,
        "rms_norm",
        lambda r: [floats(r, 12 * 128), floats(r, 128), zeros(12 * 128), 12],
        last(rms_norm),
        blocks=3,
        tolerance=1e-5,
    ),
    Case(
        ROWS,
        "row_means",
        lambda r: [floats(r, 5 * 128), zeros(5), 5],
        last(lambda x: x.reshape(5, 128).mean(1)),
        tolerance=1e-5,
    ),
    Case(
        ROWS,
        "arg_max",
        lambda r: [floats(r, 128), zeros(2)],
        last(lambda x: np.array([x.max(), x.argmax()])),
    ),
    Case(
        CORES,
        "two_phases",
        lambda r: [floats(r, 6 * 512), zeros(8 * 6), zeros(8)],
        summed,
        blocks=6,
        tolerance=1e-4,
    ),
    Case(
        CORES,
        "next_of_ring",
        lambda r: [floats(r, 5 * 512), zeros(5 * 512), zeros(5 * 8, np.int32)],
        lambda x, *_: [None, np.roll(x, -512), None],
        blocks=5,
    ),
    Case(
        CORES,
        "scalars",
        lambda r: [r.integers(-20, 20, 40, dtype=np.int32), zeros(40, np.int32), 40],
        last(lambda x: np.where(x * x < 100, x * x, -1)),
    ),
    Case(
        CORES,
        "local_scalars",
        same_size(floats, 64, 64),
        last(lambda x: 2 * np.maximum.accumulate(x)),
    ),
    Case(
        CORES,
        "by_key",
        same_size(floats, 128),
        last(lambda x: x + np.float32(1.5)),
        tiling=shape(128, 1.5),
        key=1,
    ),
    Case(
        CORES,
        "by_key",
        same_size(floats, 128),
        last(lambda x: x * np.float32(1.5)),
        tiling=shape(128, 1.5),
        key=2,
    ),
)

"""Kernels in which each thread works alone."""

import math

from numba import cuda, float32, int32, int64, uint32

SCALE = 3
OFFSETS = (1, 2)


@cuda.jit
def copy(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i]


@cuda.jit
def axpby(out, x, y, alpha, beta):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = alpha * x[i] + beta * y[i]


@cuda.jit
def grid_stride(out, x):
    start = cuda.grid(1)
    step = cuda.gridsize(1)
    for i in range(start, out.size, step):
        out[i] = x[i] * x[i]


@cuda.jit
def map_2d(out, x):
    row, col = cuda.grid(2)
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = x[row, col] + float32(1)


@cuda.jit
def map_3d(out, x):
    i, j, k = cuda.grid(3)
    if i < out.shape[0] and j < out.shape[1] and k < out.shape[2]:
        out[i, j, k] = x[i, j, k] * float32(SCALE)


@cuda.jit
def early_return(out, x):
    i = cuda.grid(1)
    if i >= out.size:
        return
    out[i] = -x[i]


@cuda.jit
def ternary(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = x[i] if x[i] > float32(0) else float32(0)


@cuda.jit
def three_ways(out, x):
    i = cuda.grid(1)
    if i < out.size:
        if x[i] < float32(-0.5):
            out[i] = float32(-1)
        elif x[i] <= float32(0.5):
            out[i] = float32(0)
        else:
            out[i] = float32(1)


@cuda.jit
def collatz(out, x):
    i = cuda.grid(1)
    if i < out.size:
        value = x[i]
        steps = 0
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            steps += 1
        out[i] = steps


@cuda.jit
def first_multiple(out, x):
    i = cuda.grid(1)
    if i < out.size:
        found = -1
        for k in range(2, 50):
            if x[i] % k != 0:
                continue
            found = k
            break
        out[i] = found


@cuda.jit
def uneven_range(out, x):
    i = cuda.grid(1)
    if i < out.size:
        total = 0
        for k in range(x[i], 0, -2):
            total += k
        out[i] = total


@cuda.jit
def chained(out, x):
    i = cuda.grid(1)
    if 0 <= i < out.size:
        out[i] = 1 if 2 < x[i] <= 20 and not (x[i] > 6 and x[i] < 8) else 0


@cuda.jit
def either_or(out, x):
    i = cuda.grid(1)
    if i < out.size:
        if x[i] < 5 or x[i] > 25:
            out[i] = x[i]
        else:
            out[i] = -x[i]


@cuda.jit(device=True)
def clamp(x, low, high):
    if x < low:
        return low
    if x > high:
        return high
    return x


@cuda.jit(device=True)
def twice_clamped(x):
    return clamp(x, float32(-1), float32(1)) + clamp(x, float32(0), float32(2))


@cuda.jit
def device_functions(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = twice_clamped(x[i])


@cuda.jit
def stencil(out, x):
    i = cuda.grid(1)
    if 0 < i < out.size - 1:
        out[i] = (x[i - 1] + x[i] + x[i + 1]) / float32(3)


@cuda.jit
def mathematics(out, x):
    i = cuda.grid(1)
    if i < out.size:
        v = x[i]
        out[i] = math.exp(-v * v) + math.sqrt(abs(v)) + math.sin(v) * math.tanh(v) + math.erf(v)


@cuda.jit
def whole_numbers(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = (x[i] // -3) * 100 + x[i] % 7 + (x[i] << 2) - (x[i] >> 1) + (x[i] & 5) ** 2


@cuda.jit
def casts(out, x):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = int32(x[i] * float32(10)) + int(x[i]) + int64(uint32(i))


@cuda.jit
def local_array(out, x):
    i = cuda.grid(1)
    window = cuda.local.array(4, float32)
    if i < out.size:
        for k in range(4):
            window[k] = x[i] * float32(k)
        best = window[0]
        for k in range(1, 4):
            best = max(best, window[k])
        out[i] = best + window[i % 4]


@cuda.jit
def unpacked(out, x):
    i = cuda.grid(1)
    if i < out.size:
        low, high = float32(0), float32(1)
        low, high = high, low
        out[i] = x[i] * low + high + float32(OFFSETS[1])


@cuda.jit
def naive_matmul(out, a, b):
    col, row = cuda.grid(2)
    if row < out.shape[0] and col < out.shape[1]:
        total = float32(0)
        for k in range(a.shape[1]):
            total += a[row, k] * b[k, col]
        out[row, col] = total


@cuda.jit
def histogram(out, x):
    i = cuda.grid(1)
    if i < x.size:
        cuda.atomic.add(out, x[i] % out.size, 1)


@cuda.jit
def largest(out, x):
    i = cuda.grid(1)
    if i < x.size:
        cuda.atomic.max(out, 0, x[i])
        cuda.atomic.min(out, 1, x[i])


@cuda.jit
def tickets(out, counter):
    i = cuda.grid(1)
    if i < out.size:
        ticket = cuda.atomic.add(counter, 0, 1)
        out[ticket] = 1


@cuda.jit
def same_value(out, x):
    i = cuda.grid(1)
    if i < x.size and x[i] == 9:
        out[0] = 1


@cuda.jit
def strided(out, x):
    i = cuda.grid(1)
    if i < out.shape[0]:
        out[i] = x[i] + float32(1)

"""Kernels in which the threads of a block work together."""

from numba import cuda, float32, int32

T = 32
TILE = 8


@cuda.jit
def reverse(out, x):
    tile = cuda.shared.array(T, float32)
    t = cuda.threadIdx.x
    base = cuda.blockIdx.x * T
    tile[t] = x[base + t]
    cuda.syncthreads()
    out[base + t] = tile[T - 1 - t]


@cuda.jit
def dynamic_reverse(out, x):
    tile = cuda.shared.array(0, float32)
    again = cuda.shared.array(0, float32)  # the same memory under another name
    t, i = cuda.threadIdx.x, cuda.grid(1)
    tile[t] = x[i]
    tile[32 + t] = -x[i]
    cuda.syncthreads()
    out[i] = tile[31 - t] + again[63 - t] * float32(2)


@cuda.jit
def transpose(out, x):
    tile = cuda.shared.array((TILE, TILE + 1), float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col = cuda.blockIdx.x * TILE + tx
    row = cuda.blockIdx.y * TILE + ty
    if row < x.shape[0] and col < x.shape[1]:
        tile[ty, tx] = x[row, col]
    cuda.syncthreads()
    col = cuda.blockIdx.y * TILE + tx
    row = cuda.blockIdx.x * TILE + ty
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = tile[tx, ty]


@cuda.jit
def block_sum(out, x):
    part = cuda.shared.array(T, float32)
    t = cuda.threadIdx.x
    i = cuda.grid(1)
    part[t] = x[i] if i < x.size else float32(0)
    cuda.syncthreads()
    half = T // 2
    while half > 0:
        if t < half:
            part[t] += part[t + half]
        cuda.syncthreads()
        half //= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def interleaved_sum(out, x):
    part = cuda.shared.array(T, float32)
    t = cuda.threadIdx.x
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    step = 1
    while step < T:
        if t % (2 * step) == 0:
            part[t] += part[t + step]
        cuda.syncthreads()
        step *= 2
    if t == 0:
        out[cuda.blockIdx.x] = part[0]


@cuda.jit
def argmax(out, x):
    value = cuda.shared.array(T, float32)
    place = cuda.shared.array(T, int32)
    t = cuda.threadIdx.x
    row = cuda.blockIdx.x
    best, at = x[row, 0], 0
    for k in range(t, x.shape[1], T):
        if x[row, k] > best:
            best, at = x[row, k], k
    value[t], place[t] = best, at
    cuda.syncthreads()
    half = T // 2
    while half > 0:
        if t < half:
            other, mine = value[t + half], value[t]
            if other > mine or (other == mine and place[t + half] < place[t]):
                value[t] = other
                place[t] = place[t + half]
        cuda.syncthreads()
        half //= 2
    if t == 0:
        out[row] = place[0]


@cuda.jit
def hillis_steele(out, x):
    data = cuda.shared.array((2, T), float32)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    data[0, t] = x[i]
    here = 0
    step = 1
    cuda.syncthreads()
    while step < T:
        there = 1 - here
        if t >= step:
            data[there, t] = data[here, t] + data[here, t - step]
        else:
            data[there, t] = data[here, t]
        here = there
        step *= 2
        cuda.syncthreads()
    out[i] = data[here, t]


@cuda.jit
def blelloch(out, x):
    data = cuda.shared.array(2 * T, float32)
    t = cuda.threadIdx.x
    data[2 * t] = x[2 * t]
    data[2 * t + 1] = x[2 * t + 1]
    step = 1
    width = T
    while width > 0:
        cuda.syncthreads()
        if t < width:
            data[step * (2 * t + 2) - 1] += data[step * (2 * t + 1) - 1]
        step *= 2
        width //= 2
    if t == 0:
        data[2 * T - 1] = float32(0)
    width = 1
    while width < 2 * T:
        step //= 2
        cuda.syncthreads()
        if t < width:
            left, right = step * (2 * t + 1) - 1, step * (2 * t + 2) - 1
            keep = data[left]
            data[left] = data[right]
            data[right] += keep
        width *= 2
    cuda.syncthreads()
    out[2 * t] = data[2 * t]
    out[2 * t + 1] = data[2 * t + 1]


@cuda.jit
def softmax(out, x):
    part = cuda.shared.array(T, float32)
    t, row = cuda.threadIdx.x, cuda.blockIdx.x
    top = float32(-3.0e38)
    for k in range(t, x.shape[1], T):
        top = max(top, x[row, k])
    part[t] = top
    cuda.syncthreads()
    half = T // 2
    while half > 0:
        if t < half:
            part[t] = max(part[t], part[t + half])
        cuda.syncthreads()
        half //= 2
    top = part[0]
    cuda.syncthreads()
    total = float32(0)
    for k in range(t, x.shape[1], T):
        total += float32(2) ** (x[row, k] - top)
    part[t] = total
    cuda.syncthreads()
    half = T // 2
    while half > 0:
        if t < half:
            part[t] += part[t + half]
        cuda.syncthreads()
        half //= 2
    for k in range(t, x.shape[1], T):
        out[row, k] = float32(2) ** (x[row, k] - top) / part[0]


@cuda.jit
def shared_histogram(out, x):
    counts = cuda.shared.array(8, int32)
    t = cuda.threadIdx.x
    if t < 8:
        counts[t] = 0
    cuda.syncthreads()
    i = cuda.grid(1)
    if i < x.size:
        cuda.atomic.add(counts, x[i] % 8, 1)
    cuda.syncthreads()
    if t < 8:
        cuda.atomic.add(out, t, counts[t])


@cuda.jit
def last_block(out, parts, counter, x):
    part = cuda.shared.array(T, float32)
    last = cuda.shared.array(1, int32)
    t = cuda.threadIdx.x
    part[t] = x[cuda.grid(1)]
    cuda.syncthreads()
    if t == 0:
        total = float32(0)
        for k in range(T):
            total += part[k]
        parts[cuda.blockIdx.x] = total
        cuda.threadfence()
        ticket = cuda.atomic.add(counter, 0, 1)
        last[0] = 1 if ticket == cuda.gridDim.x - 1 else 0
    cuda.syncthreads()
    if last[0] == 1 and t == 0:
        total = float32(0)
        for k in range(cuda.gridDim.x):
            total += parts[k]
        out[0] = total


@cuda.jit
def votes(out, x):
    i = cuda.grid(1)
    count = cuda.syncthreads_count(x[i] > 10)
    both = cuda.syncthreads_and(x[i] >= 0)
    some = cuda.syncthreads_or(x[i] > 25)
    out[i] = count * 100 + both * 10 + some


@cuda.jit
def swapped_names(out, x):
    one = cuda.shared.array(T, float32)
    two = cuda.shared.array(T, float32)
    t = cuda.threadIdx.x
    one[t] = x[t]
    cuda.syncthreads()
    for _ in range(3):
        two[t] = one[(t + 1) % T]
        one, two = two, one
        cuda.syncthreads()
    out[t] = one[t]

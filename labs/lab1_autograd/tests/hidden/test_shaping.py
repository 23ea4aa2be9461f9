"""Exercise 1.3, hidden."""

from itertools import product

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

MIB = 2**20


def scattered(index, g, shape):
    """Return zeros of `shape` with every element of `g` added where the index took it from."""
    taken = np.arange(np.prod(shape, dtype=int)).reshape(shape)[index]
    flat = np.bincount(np.ravel(taken), np.ravel(g), minlength=np.prod(shape, dtype=int))
    return flat.reshape(shape)


def cut(start=None, stop=None, step=None):
    """Return a slice as plain data, for the probe."""
    return {"slice": [start, stop, step]}


def as_index(plain):
    """Return what NumPy takes for an index in plain data."""
    if isinstance(plain, list):
        return tuple(as_index(part) for part in plain)
    if isinstance(plain, dict):
        return slice(*plain["slice"])
    return ... if isinstance(plain, str) else plain


def check_indices(student, rng, shape, indices, narrow=()):
    """Look up in float64 with `indices`, and in float32 with `narrow`."""
    x = rng.normal(size=shape)
    plan = [(x, i) for i in indices] + [(x.astype(np.float32), i) for i in narrow]
    some = [(x, i, rng.normal(size=x[as_index(i)].shape).astype(x.dtype)) for x, i in plan]
    cases = [["getitem", [x], g, {"index": i}, "permuted"] for x, i, g in some]
    for got, (x, index, g) in zip(student.run("many", "vjp", cases), some, strict=True):
        assert_equal(got["value"], np.asarray(x[as_index(index)]))
        want = scattered(as_index(index), g, shape)
        assert_close(got["grads"][0], want, rtol=1e-6, atol=1e-6, dtype=x.dtype)
        assert_equal([got["inputs"][0], got["upstream"]], [x, g])


@exercise("shaping", points=1, hint="out[index] += g drops repeats; NumPy has one that does not.")
def test_getitem_with_repeated_indices(student, rng):
    """Integer and boolean arrays as indices; an element chosen more than once."""
    rows = rng.integers(-7, 7, size=(3, 11))
    columns = rng.integers(0, 5, size=11)
    mask = rng.random(size=7) < 0.5
    middle = [cut(), rng.integers(0, 5, size=4)]
    indices = [rows, np.zeros(13, int), [rows, columns], [cut(None, None, -2), columns]]
    indices += [mask, ["...", columns, cut(0, 2)], [np.array([6, 6, -1]), 0], middle]
    check_indices(student, rng, (7, 5, 3), indices, narrow=indices[:3])


@exercise("shaping", points=1, hint="Use the index as it is: NumPy's own rules hold both ways.")
def test_getitem_with_slices(student, rng):
    """Steps, negative steps, ellipsis, a new axis, single elements, and slices of nothing."""
    indices = [cut(1, 6, 2), cut(None, None, -1), cut(5, 1, -3), cut(3, 3), 2, -1]
    indices += [["...", 0], [2, "...", cut(None, None, 2)], [None, cut(), None], [cut(), 4, 2]]
    indices += [[6, 4, 2], "...", [], [cut(9, 20)], [cut(-3, None), cut(None, -1), cut(0, 3, 2)]]
    check_indices(student, rng, (7, 5, 3), indices)


@exercise("shaping", points=1, hint="The way back is the inverse permutation, which may differ.")
def test_permute_and_reshape_there_and_back(student, rng):
    """Axes in any order, negative too, with lengths that all differ; -1 in a shape."""
    plan = [("permute", (2, 3, 5, 7), {"axes": a}) for a in ([1, 2, 3, 0], [3, 0, 2, 1])]
    plan += [("permute", (2, 3, 5), {"axes": a}) for a in ([2, 0, 1], [-1, 0, 1], [-2, -1, -3])]
    plan += [("permute", (), {"axes": []}), ("permute", (13,), {"axes": [-1]})]
    plan += [("reshape", (5, 7), {"shape": s}) for s in ([7, 5], [35], [1, 5, -1], [-1, 7, 1])]
    plan += [("reshape", (1, 1), {"shape": []}), ("reshape", (0, 3), {"shape": [3, 0, 2]})]
    some = [(n, rng.normal(size=s), options) for n, s, options in plan]
    values = [moved(n, x, options) for n, x, options in some]
    gs = [rng.normal(size=value.shape) for value in values]
    cases = [[n, [x], g, o, "permuted"] for (n, x, o), g in zip(some, gs, strict=True)]
    answers = student.run("many", "vjp", cases)
    for got, (name, x, options), value, g in zip(answers, some, values, gs, strict=True):
        assert_equal(got["value"], value)
        places = moved(name, np.arange(x.size).reshape(x.shape), options)
        home = np.empty(x.size)
        home[places.ravel()] = g.ravel()
        assert_equal(got["grads"][0], home.reshape(x.shape))


def moved(name, x, options):
    if name == "permute":
        return x.transpose(options["axes"])
    return x.reshape(options["shape"])


@exercise("shaping", points=1, hint="Try one part, a part of length 0, and a width of 0.")
def test_concat_split_pad_at_the_edges(student, rng):
    """One part, empty parts, negative axes, widths of 0, both dtypes; sizes that do not fit."""
    joins, splits = [], []
    plan = product((np.float64, np.float32), ((0, [3]), (-1, [2, 0, 5]), (1, [1, 1, 1])))
    for dtype, (axis, lengths) in plan:
        shapes = [tuple(n if i == axis % 3 else 2 for i in range(3)) for n in lengths]
        xs = [rng.normal(size=s).astype(dtype) for s in shapes]
        whole = np.concatenate(xs, axis)
        g = rng.normal(size=whole.shape).astype(dtype)
        joins.append(["concat", xs, g, {"axis": axis}, "negative"])
        splits.append([whole, lengths, axis, np.split(g, np.cumsum(lengths)[:-1], axis)])
    answers = student.run("many", "vjp", joins)
    for got, (whole, *_, parts) in zip(answers, splits, strict=True):
        assert_equal([got["value"], got["grads"]], [whole, parts])
    answers = student.run("many", "split_vjp", splits)
    for got, (_, xs, g, *_) in zip(answers, joins, strict=True):
        assert_equal([got["values"], got["grad"]], [xs, g])
    wrong = [[1, 1], [2, 5]]  # of three
    cases = [[np.ones(3), sizes, 0, [np.ones(sizes[0]), np.ones(1)]] for sizes in wrong]
    for seen in student.map("split_vjp", cases):
        assert seen.outcome is Outcome.CRASHED and seen.error.type == "ValueError"
    check_pad(student, rng)


def check_pad(student, rng):
    plan = [((3, 5), w) for w in ([[0, 0], [0, 0]], [[2, 0], [0, 3]], [[1, 1], [0, 1]])]
    plan = list(product([*plan, ((), []), ((2,), [[0, 1]])], (np.float64, np.float32)))
    some = []
    for (shape, widths), dtype in plan:
        inside = tuple(slice(a, a + n) for (a, _), n in zip(widths, shape, strict=True))
        longer = [a + n + b for (a, b), n in zip(widths, shape, strict=True)]
        x, g = (np.asarray(rng.normal(size=s)).astype(dtype) for s in (shape, longer))
        value = np.zeros_like(g)
        value[inside] = x
        some.append((widths, x, g, value, np.asarray(g[inside])))
    cases = [["pad", [x], g, {"widths": w}, "permuted"] for w, x, g, *_ in some]
    for got, (*_, value, home) in zip(student.run("many", "vjp", cases), some, strict=True):
        assert_equal([got["value"], got["grads"]], [value, [home]])


@exercise("shaping", points=0.5, hint="No matrix of zeros and ones is needed to scatter.")
def test_getitem_memory_grows_linearly(student, rng):
    """The memory that getitem's gradient takes, for very many elements."""
    n = 10_000
    x, index, g = rng.normal(size=n), rng.integers(0, n, size=n), rng.normal(size=n)
    seen = student.observe("getitem_gradient", x, index, g)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed("getitem_gradient", seen)
    assert_close(seen.value, scattered(index, g, (n,)), rtol=1e-9, atol=1e-12)
    # n * n numbers are 800 MB, n numbers 80 KB. A bound of our own: were it the peak for a smaller
    # n, memory could be wasted there to raise it.
    assert seen.peak_bytes <= 16 * MIB, "peak memory grows faster than n"


@exercise("shaping", points=1, hint="Write backward with tensor functions, not on arrays.")
def test_shaping_gradients_are_differentiable(student, rng):
    """The gradients of all these functions can be differentiated again."""
    x, y = rng.normal(size=(5, 3)), rng.normal(size=(2, 3))
    rows = np.array([4, 0, 4, 1])
    plan = [("reshape", [x], {"shape": [3, 5]}, lambda v: v.reshape(3, 5))]
    plan += [("permute", [x], {"axes": [1, 0]}, lambda v: v.T)]
    plan += [("getitem", [x], {"index": rows}, lambda v: v[rows])]
    plan += [("concat", [x, y], {"axis": 0}, lambda v, w: np.concatenate([v, w]))]
    plan += [("pad", [x], {"widths": [[1, 0], [0, 2]]}, lambda v: np.pad(v, ((1, 0), (0, 2))))]
    some = [
        (n, a, rng.normal(size=f(*a).shape), o, [rng.normal(size=p.shape) for p in a], f)
        for n, a, o, f in plan
    ]
    answers = student.run("many", "second_order", [list(case[:5]) for case in some])
    for got, (_, _, _, _, along, f) in zip(answers, some, strict=True):
        assert_close(got["second"][-1], f(*along), rtol=1e-9)

"""Exercise 1.11, hidden. The oracles are sums over all gradients so far, not recurrences."""

from itertools import product

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise, oracle

MIB = 2**20
SHAPES = [(), (5,), (3, 1, 7)]
CLOSE = {"rtol": 1e-10, "atol": 1e-12}
ADAMW = {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}  # what it says by default


def discounted(seen, beta):
    """Return the sum of all of `seen`, the last times 1, the one before times beta, and so on."""
    return np.tensordot(float(beta) ** np.arange(len(seen))[::-1], np.array(seen, float), 1)


@oracle
def sgd_path(x, gs, rates, skipped=(), momentum=0.0, nesterov=False, weight_decay=0.0):
    """Return the values after each step, in float64."""
    path, seen = [], []
    for step, (g, lr) in enumerate(zip(gs, rates, strict=True)):
        if step not in skipped:
            seen.append(g + weight_decay * x)
            m = discounted(seen, momentum)
            x = x - lr * (seen[-1] + momentum * m if nesterov else m)
        path.append(x)
    return np.array(path, float)


@oracle
def adamw_path(x, gs, rates, skipped=(), betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    """Return the values after each step; a corrected moment is a mean, weighted by age."""
    path, seen, (b1, b2) = [], [], betas
    for step, (g, lr) in enumerate(zip(gs, rates, strict=True)):
        if step not in skipped:
            seen.append(g)
            ones, squares = np.ones(len(seen)), np.square(np.array(seen, float))
            m = discounted(seen, b1) / discounted(ones, b1)
            root = np.sqrt(discounted(squares, b2) / discounted(ones, b2))
            x = x * (1.0 - lr * weight_decay) - lr * m / (root + eps)
        path.append(x)
    return np.array(path, float)


PATHS = {"SGD": sgd_path, "AdamW": adamw_path}


def problem(rng, steps, scale=1.0):
    """Return values of some shapes, and for each a gradient for each step."""
    values = [np.asarray(rng.normal(size=s)) for s in SHAPES]
    return values, [scale * rng.normal(size=(steps, *s)) for s in SHAPES]


def check_paths(student, kind, settings, problems):
    """Compare whole trajectories, for each of the settings on each of the problems."""
    plan = list(product(settings, problems))
    cases = [[kind, some, values, grads, {}] for some, (values, grads) in plan]
    for got, (some, (values, grads)) in zip(
        student.run("many", "trajectory", cases), plan, strict=True
    ):
        rest = {name: value for name, value in some.items() if name != "lr"}
        for path, x, gs in zip(got["path"], values, grads, strict=True):
            assert_close(path, PATHS[kind](x, gs, [some["lr"]] * len(gs), **rest), **CLOSE)


@exercise("optimizers", points=1, hint="The decayed gradient d, not g, goes into the momentum.")
def test_sgd_over_a_hundred_steps(student, rng):
    """A hundred steps of SGD with momentum, Nesterov's momentum and weight decay."""
    mu, decay = rng.uniform(0.7, 0.95), rng.uniform(0.1, 0.5)
    settings = [{}, {"weight_decay": decay}, {"momentum": mu}, {"momentum": mu, "nesterov": True}]
    settings += [some | {"weight_decay": decay} for some in settings[2:]]
    settings = [{"lr": rng.uniform(0.01, 0.1)} | some for some in settings]
    check_paths(student, "SGD", settings, [problem(rng, 100)])


@exercise("optimizers", points=1, hint="eps after the root; decay beside the step, times lr.")
def test_adamw_over_a_hundred_steps(student, rng):
    """A hundred steps of AdamW with several settings, and gradients from 1 down to 10⁻⁸."""
    betas, decay = [rng.uniform(0.5, 0.8), rng.uniform(0.9, 0.99)], rng.uniform(0.1, 0.5)
    settings = [{}, {"betas": betas, "weight_decay": 0.0}, {"betas": betas, "weight_decay": decay}]
    settings += [{"betas": betas, "eps": 1e-3}, {"betas": [0.0, 0.0], "eps": 1e-4}]
    settings = [{"lr": rng.uniform(0.01, 0.1)} | some for some in settings]
    check_paths(student, "AdamW", settings, [problem(rng, 100, s) for s in (1.0, 1e-6, 1e-8)])


def check_state(state, seen, settings):
    """Compare what AdamW remembers of a parameter that has seen some gradients."""
    (b1, b2) = settings["betas"]
    want = {"m": (1 - b1) * discounted(seen, b1), "v": (1 - b2) * discounted(seen**2, b2)}
    assert_equal([sorted(state), int(state["t"])], [["m", "t", "v"], len(seen)])
    for name, exact in want.items():
        assert_close(state[name], exact, **CLOSE)


@exercise("optimizers", points=0.5, hint="No gradient: no decay, no step counted, nothing at all.")
def test_parameters_without_gradient(student, rng):
    """Parameters that have no gradient now and then, at first, or ever."""
    skipped = [[0, 1, 5], [3, 6], list(range(9))]
    values, grads = problem(rng, 9)
    sgd = {"momentum": 0.9, "weight_decay": 0.2}
    plan = {"SGD": sgd, "AdamW": {"betas": [0.7, 0.9], "eps": 1e-8, "weight_decay": 0.2}}
    cases = [[kind, plan[kind] | {"lr": 0.1}, values, grads, {"skipped": skipped}] for kind in plan]
    for got, kind in zip(student.run("many", "trajectory", cases), plan, strict=True):
        for path, x, gs, out in zip(got["path"], values, grads, skipped, strict=True):
            assert_close(path, PATHS[kind](x, gs, [0.1] * 9, out, **plan[kind]), **CLOSE)
        assert_equal([got["left"][2], got["state"][2]], [None, {}])
    for state, out, gs in zip(got["state"][:2], skipped[:2], grads[:2], strict=True):
        check_state(state, np.delete(gs, out, 0), plan["AdamW"])


@exercise("optimizers", points=0.5, hint="A group's own settings go before the defaults.")
def test_groups(student, rng):
    """Groups with settings of their own, rates that change, iterators; refused groups."""
    values, grads = problem(rng, 9)
    rates = rng.uniform(0.01, 0.1, size=(9, 2)).tolist()
    own = {"SGD": {"momentum": 0.6, "nesterov": True}, "AdamW": {"betas": [0.7, 0.9], "eps": 1e-3}}
    for kind, some in own.items():
        groups = [{"params": [2, 0], "weight_decay": 0.3}, {"params": [1]} | some]
        call = [kind, {"lr": 0.5, "weight_decay": 0.1}, values, grads]
        cases = [
            [*call, {"groups": groups, "once": once, "rates": rates}] for once in (False, True)
        ]
        *grouped, alone = student.run("many", "trajectory", [*cases, [*call, {"once": True}]])
        want = [
            PATHS[kind](values[i], grads[i], [rate[i == 1] for rate in rates], **settings)
            for i, settings in enumerate(
                [{"weight_decay": 0.3}, some | {"weight_decay": 0.1}, {"weight_decay": 0.3}]
            )
        ]
        for got in grouped:
            for path, exact in zip(got["path"], want, strict=True):
                assert_close(path, exact, **CLOSE)
        exact = PATHS[kind](values[1], grads[1], [0.5] * 9, weight_decay=0.1)
        assert_close(alone["path"][1], exact, **CLOSE)
    wrong = [[[]], [[], []], [[0, 0]], [[0, 1], [2, 0]], [[0], [1, 2, 1]]]
    right = [[[0]], [[0, 1, 2]], [[0], [2, 1]], [[], [1]]]
    cases = [[kind, groups] for kind in own for groups in (*wrong, *right)]
    told = student.run("many", "optimizer_errors", cases)
    assert_equal(told, (["ValueError"] * len(wrong) + [None] * len(right)) * 2)


@exercise(
    "optimizers", points=1, hint="Copy on the way out and on the way in, numbers as they are."
)
def test_training_goes_on_from_a_saved_state(student, rng):
    """Interrupted training ends where training without a pause does, bit for bit; twice."""
    settings = [("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9})]
    settings += [("AdamW", {"lr": 0.1}), ("AdamW", {"lr": 0.1, "betas": [0.7, 0.9]})]
    plan = list(product(settings, (np.float64, np.float32), (0, 4)))
    values, grads = problem(rng, 9)
    cases = [
        [kind, some, [v.astype(d) for v in values], [g.astype(d) for g in grads], stop]
        for (kind, some), d, stop in plan
    ]
    for got, ((kind, some), dtype, stop) in zip(
        student.run("many", "interrupted", cases), plan, strict=True
    ):
        assert_equal(got["fresh"], [{}] * len(values))
        assert_equal(got["errors"], ["ValueError"] * 3)
        rest = {name: value for name, value in some.items() if name != "lr"}
        rtol = 1e-10 if dtype == np.float64 else 1e-3
        whole, again, last = got["ends"]
        for path, x, gs in zip(whole, values, grads, strict=True):
            want = PATHS[kind](x, gs, [0.1] * 9, **rest)[stop:]
            assert_close(path, want, rtol=rtol, atol=rtol * 1e-2, dtype=dtype)
        assert_equal(again, whole)
        assert_equal(last, whole)


@exercise("optimizers", points=0.5, hint="New memory for a new value; keep no array of others.")
def test_steps_leave_alone_what_is_not_theirs(student, rng):
    """Given arrays, gradients and dtypes; gradients in memory that is used again."""
    kinds = {"SGD": {"lr": 0.1}, "AdamW": {"lr": 0.1, "weight_decay": 0.0}}
    plan = [(kind, some, d) for kind, some in kinds.items() for d in (np.float64, np.float32)]
    plan += [("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": n}, np.float64) for n in (0, 1)]
    values, grads = problem(rng, 5)
    one, many = [], []
    for kind, some, d in plan:
        many += [[kind, some, [v.astype(d) for v in values], [g.astype(d) for g in grads], {}]]
        one += [[kind, some, values[1].astype(d), grads[1].astype(d)]]
    answers = zip(plan, many, student.run("many", "trajectory", many), strict=True)
    for (*_, d), (_, _, x, gs, _), got in answers:
        assert_equal([got["given"], got["grads"]], [x, gs])
        assert_equal([got["left"], got["leaves"]], [[g[-1] for g in gs], [True] * len(SHAPES)])
        assert_equal([path.dtype == d for path in got["path"]], [True] * len(SHAPES))
    answers = zip(plan, one, student.run("many", "one_memory", one), strict=True)
    for (kind, some, d), (_, _, x, gs), got in answers:
        assert_equal([got["given"], got["last"]], [x, gs[-1]])
        rest = {name: value for name, value in some.items() if name != "lr"}
        rtol = 1e-10 if d == np.float64 else 1e-3
        exact = PATHS[kind](values[1], grads[1], [0.1] * 5, **rest)
        assert_close(np.array(got["path"]), exact, rtol=rtol, atol=rtol * 1e-2, dtype=d)


@exercise(
    "optimizers", points=0.5, hint="Scale down, never up; replace a gradient, it may be shared."
)
def test_clipping_at_the_edges(student, rng):
    """Norms of zero, at the bound, just above it; shared gradients, and none at all."""
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(5,))
    zeros, exact = np.zeros((2, 3)), [np.array([3.0, 0.0]), np.array([[-4.0]])]
    small = [a.astype(np.float32), b.astype(np.float32)]
    plan = [([a, b], twins, share) for twins in (0, 2) for share in (0.1, 0.999, 1.001, 50.0)]
    plan += [(small, 0, 0.5), (small, 0, 2.0), ([zeros, b], 0, 0.5), ([1e-9 * a, 1e-9 * b], 1, 2.0)]
    norms = [
        np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in [*gs, *[gs[-1]] * twins]))
        for gs, twins, _ in plan
    ]
    cases = [
        [gs, twins, float(share * norm), bool(i % 2)]
        for i, ((gs, twins, share), norm) in enumerate(zip(plan, norms, strict=True))
    ]
    answers = student.run("many", "clipped", cases)
    for got, (gs, twins, share), norm in zip(answers, plan, norms, strict=True):
        rtol = 1e-12 if gs[0].dtype == np.float64 else 1e-5
        assert_close(got["norm"], float(norm), rtol=rtol)
        assert_equal(got["given"], gs)
        assert_equal(got["grads"][0], None)
        whole = [*gs, *[gs[-1]] * twins]
        for mine, g in zip(got["grads"][1:], whole, strict=True):
            assert_close(mine, g * min(1.0, share), rtol=rtol if share < 1 else 0.0, dtype=g.dtype)
    edges = [[exact, 0, 5.0, False], [[zeros], 1, 1.0, True], [[zeros], 1, 0.0, False]]
    bound, still, zero, nothing = student.run("many", "clipped", [*edges, [[], 0, 1.0, True]])
    assert_equal([bound["norm"], bound["grads"]], [5.0, [None, *exact]])
    for got in (still, zero):
        assert_equal([got["norm"], got["grads"]], [0.0, [None, zeros, zeros]])
    assert_equal([nothing["norm"], nothing["grads"]], [0.0, [None]])


@exercise(
    "optimizers", points=0.5, hint="(step - warmup) / (total - warmup), and no further than 1."
)
def test_cosine_at_the_boundaries(student, rng):
    """Around the end of the warm-up and of the schedule; no warm-up; a floor."""
    peak, floor = rng.uniform(1.0, 2.0), rng.uniform(0.1, 0.5)
    plan = [(0, 7, 0.0), (0, 1, floor), (1, 2, floor), (5, 13, floor), (6, 7, 0.0), (3, 10, floor)]
    cases = [
        [list(range(total + 6)), {"peak": peak, "warmup": w, "total": total, "floor": low}]
        for w, total, low in plan
    ]
    for got, (w, total, low) in zip(student.run("many", "schedule", cases), plan, strict=True):
        steps = np.arange(total + 6)
        angle = np.pi / 2 * np.clip((steps - w) / (total - w), 0.0, 1.0)
        want = low + (peak - low) * np.cos(angle) ** 2
        want[:w] = peak * np.arange(1, w + 1) / (w or 1)
        assert_close(np.array(got), want, rtol=1e-10, atol=1e-15)
    lengths = [(5, 5), (6, 5), (0, 0), (4, 5)]
    cases = [[step, {"peak": 1.0, "warmup": w, "total": t}] for w, t in lengths for step in (0, 9)]
    told = student.run("many", "schedule_errors", cases)
    assert_equal(told, ["ValueError"] * 6 + [None] * 2)


@exercise("optimizers", points=0.5, hint="Compute on arrays: what tensors compute is remembered.")
def test_memory_of_very_many_steps(student, rng):
    """Peak memory of many steps with a large parameter."""
    x, steps, lr = rng.normal(size=2**16), 120, 0.01
    for kind, some in (("SGD", {"momentum": 0.9}), ("AdamW", {"weight_decay": 0.0})):
        seen = student.observe("long_descent", kind, some | {"lr": lr}, x, steps)
        if seen.outcome is not Outcome.PASS:
            raise CallFailed("long_descent", seen)
        gs = np.where(np.arange(steps) % 2, -1.0, 1.0)
        want = PATHS[kind](np.zeros(()), gs, [lr] * steps, **some)[-1]
        assert_close(seen.value["first"], float(x[0] + want), rtol=1e-8)
        assert_close(seen.value["mean"], float(x.mean() + want), rtol=1e-7, atol=1e-9)
        # An array has half a MB: a step needs some 10 of them, all old gradients are 60 MB.
        assert seen.peak_bytes <= 20 * MIB, "memory grows with the number of steps"

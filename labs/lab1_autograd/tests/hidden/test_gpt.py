"""Exercise 1.12, hidden. The oracle knows nothing of graphs: it is a forward rule on arrays.

Its derivatives are complex steps: f(x + ih d) has the imaginary part h f'(x) d, and nothing cancels
(W. Squire, G. Trapp, "Using complex variables to estimate derivatives of real functions", 1998).
"""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise, oracle

MIB = 2**20
TINY = 1e-30
DEEP = {"vocab": 11, "context": 7, "width": 12, "layers": 2, "heads": 6, "kv_heads": 2}
DEEP |= {"hidden": 17}
SMALL = {"vocab": 5, "context": 3, "width": 4, "layers": 1, "heads": 2, "kv_heads": 1, "hidden": 3}


def shapes_of(config):
    """Return the shape of each parameter, by name, in order."""
    width, hidden, head = config["width"], config["hidden"], config["width"] // config["heads"]
    norm = {"weight": (width,), "bias": (width,)}
    sizes = {"tokens.weight": (config["vocab"], width)}
    sizes |= {"positions.weight": (config["context"], width)}
    linear = {"attention.project": (width, (config["heads"] + 2 * config["kv_heads"]) * head)}
    linear |= {"attention.output": (width, width)}
    mlp = {"expand": (width, hidden), "contract": (hidden, width)}
    for i in range(config["layers"]):
        for part, inside in (("norm1", {}), ("", linear), ("norm2", {}), ("", mlp)):
            for name, shape in inside.items():
                sizes |= {f"blocks.{i}.{name}.weight": shape}
                sizes |= {f"blocks.{i}.{name}.bias": shape[1:]}
            sizes |= {f"blocks.{i}.{part}.{name}": s for name, s in norm.items() if part}
    return sizes | {f"norm.{name}": shape for name, shape in norm.items()}


def drawn(config, rng):
    """Return weights of our own: none is 0 or 1, so that each has a say."""
    return {
        name: (name.endswith("weight") and len(shape) == 1) + rng.normal(scale=0.5, size=shape)
        for name, shape in shapes_of(config).items()
    }


def linear(w, name, x):
    return x @ w[f"{name}.weight"] + w[f"{name}.bias"]


def norm(w, name, x):
    centred = x - x.mean(-1, keepdims=True)
    scale = np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)
    return centred / scale * w[f"{name}.weight"] + w[f"{name}.bias"]


def attended(q, k, v):
    """One head: (batch, tokens, head) each."""
    scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1])
    p = np.exp(scores) * np.tri(scores.shape[-1])
    return p / p.sum(-1, keepdims=True) @ v


def attention(w, name, x, config):
    heads, kv_heads = config["heads"], config["kv_heads"]
    parts = np.split(linear(w, f"{name}.project", x), heads + 2 * kv_heads, axis=-1)
    shared = [heads + h * kv_heads // heads for h in range(heads)]
    mixed = [attended(parts[h], parts[k], parts[k + kv_heads]) for h, k in enumerate(shared)]
    return linear(w, f"{name}.output", np.concatenate(mixed, -1))


def logits_of(w, ids, config):
    """Return the logits; "keep" in the config scales what the blocks add."""
    keep = config.get("keep", 1.0)
    x = w["tokens.weight"][ids] + w["positions.weight"][: ids.shape[1]]
    for i in range(config["layers"]):
        block = f"blocks.{i}"
        x = x + keep * attention(w, f"{block}.attention", norm(w, f"{block}.norm1", x), config)
        z = linear(w, f"{block}.expand", norm(w, f"{block}.norm2", x))
        x = x + keep * linear(w, f"{block}.contract", np.where(z.real > 0, z, 0))
    return norm(w, "norm", x) @ w["tokens.weight"].T


def loss_of(logits, targets):
    """The mean of -log softmax at the targets that count."""
    rows, right = logits[targets != -100], targets[targets != -100]
    shifted = rows - rows.real.max(-1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(-1)) - shifted[np.arange(len(right)), right])


def slope(w, name, direction, ids, targets, config):
    """Return the derivative of the loss when a parameter moves along `direction`."""
    moved = w | {name: w[name] + 1j * TINY * direction}
    return float(loss_of(logits_of(moved, ids, config), targets).imag / TINY)


@oracle
def slopes(w, ways, ids, targets, config):
    """Return the derivatives along many ways, each the name of a parameter and a direction."""
    return [slope(w, name, way, ids, targets, config) for name, way in ways]


def unit(shape, index):
    out = np.zeros(shape)
    out[index] = 1.0
    return out


def gradients(w, ids, targets, config):
    return {
        name: np.reshape(
            [slope(w, name, unit(x.shape, i), ids, targets, config) for i in np.ndindex(x.shape)],
            x.shape,
        )
        for name, x in w.items()
    }


def some_text(rng, config, *shape):
    """Return ids, and targets of which some do not count."""
    ids, targets = rng.integers(0, config["vocab"], size=(2, *shape))
    targets[rng.random(shape) < 0.3] = -100
    targets[..., -1] = ids[..., 0]
    return ids, targets


@exercise("gpt", points=1, hint="Norms first, then the sum; heads side by side; the ids' weights.")
def test_logits_and_gradients(student, rng):
    """Logits, loss and all gradients of models with weights of ours; too many tokens."""
    odd = {"vocab": 5, "context": 9, "width": 15, "layers": 1, "heads": 3, "kv_heads": 3}
    plan = [(DEEP, (3, 7)), (DEEP, (2, 5)), (DEEP, (1, 1)), (odd | {"hidden": 7}, (2, 4))]
    cases = [[config, drawn(config, rng), *some_text(rng, config, *s)] for config, s in plan]
    answers = student.run("many", "gpt_gradients", cases)
    for got, (config, w, ids, targets) in zip(answers, cases, strict=True):
        want = logits_of(w, ids, config)
        assert_close(got["logits"], want, rtol=1e-9, atol=1e-10)
        assert_close(got["loss"], loss_of(want, targets), rtol=1e-9)
        assert_equal(list(got["grads"]), list(w))
        places = [(name, i) for name, x in w.items() for i in np.ndindex(x.shape)]
        chosen = [places[i] for i in rng.choice(len(places), size=20)]
        ways = [(name, unit(w[name].shape, i)) for name, i in chosen]
        ways += [(name, rng.normal(size=x.shape)) for name, x in w.items()]
        exact = slopes(w, ways, ids, targets, config)
        for (name, way), along in zip(ways, exact, strict=True):
            mine = got["grads"][name]
            assert_equal([list(mine.shape), str(mine.dtype)], [list(way.shape), "float64"])
            assert_close(float(np.sum(mine * way)), along, rtol=1e-8, atol=1e-10)
    told = student.run("many", "gpt_too_long", [[DEEP, tokens] for tokens in (7, 8, 14)])
    assert_equal(told, [None, "ValueError", "ValueError"])


@exercise("gpt", points=0.5, hint="Attention must be causal: no token sees a later one.")
def test_causality_of_each_token(student, rng):
    """Another token somewhere changes logits there and later, and not a bit of those before."""
    w, (ids, _) = drawn(DEEP, rng), some_text(rng, DEEP, 3, 7)
    changed = [ids]
    for t in range(7):
        changed.append(ids.copy())
        changed[-1][:, t] = (ids[:, t] + rng.integers(1, 11, size=3)) % 11
    first, *others = student.run("gpt_logits", DEEP, w, changed)
    assert_close(first, logits_of(w, ids, DEEP), rtol=1e-9, atol=1e-10)
    for t, (other, text) in enumerate(zip(others, changed[1:], strict=True)):
        assert_close(other, logits_of(w, text, DEEP), rtol=1e-9, atol=1e-10)
        assert_equal(other[:, :t], first[:, :t])
        assert (other[:, t:] != first[:, t:]).any(-1).all(), "a later token saw no difference"


@exercise("gpt", points=0.5, hint="Dropout of what is added, not of the sum; only in training.")
def test_batches_and_dropout(student, rng):
    """A permuted batch; a model with dropout in training and in evaluation."""
    w, (ids, _) = drawn(DEEP, rng), some_text(rng, DEEP, 5, 7)
    order = np.roll(rng.permutation(5), 1)
    want = logits_of(w, ids, DEEP)
    some, nearly = DEEP | {"dropout": 0.5}, DEEP | {"dropout": 1 - 1e-9}
    batches = [ids, ids, ids[order]]
    cases = [[config, w, batches, False] for config in (DEEP, some)]
    cases += [[DEEP, w, batches, True], [some, w, batches, True], [nearly, w, batches, True]]
    *still, noisy, bare = student.run("many", "gpt_logits", cases)
    for first, again, permuted in still:
        assert_close(first, want, rtol=1e-9, atol=1e-10)
        assert_equal(again, first)
        assert_close(permuted, want[order], rtol=1e-9, atol=1e-10)
    assert np.isfinite(noisy).all() and list(np.shape(noisy)) == [3, 5, 7, 11], "no logits"
    assert (noisy[0] != noisy[1]).any(-1).all(), "dropout does the same each time"
    assert_close(bare[0], logits_of(w, ids, DEEP | {"keep": 0.0}), rtol=1e-9, atol=1e-10)


def mapped_and_reversed(rng, secret, *shape):
    """Return ids and targets: x1 … xn, a separator, and secret[xn] … secret[x1]."""
    x = rng.integers(0, len(secret), size=(*shape, 5))
    separator = np.full((*shape, 1), len(secret))
    text = np.concatenate([x, separator, secret[x[..., ::-1]]], -1)
    targets = text[..., 1:].copy()
    targets[..., :5] = -100
    return text[..., :-1], targets


@exercise("gpt", points=1, hint="If gradients and steps are right: do positions reach the blocks?")
def test_learns_to_map_and_reverse(student, rng):
    """150 steps on a secret task, three times; judged by sequences not seen before."""
    config = {"vocab": 9, "context": 10, "width": 32, "layers": 1, "heads": 2, "kv_heads": 1}
    settings = {"peak": 1e-2, "warmup": 20}
    for _ in range(3):
        secret, seed = rng.permutation(8), int(rng.integers(2**31))
        batches = mapped_and_reversed(rng, secret, 150, 16)
        ids, targets = mapped_and_reversed(rng, secret, 64)
        call = (config | {"hidden": 64}, seed, *batches, settings, ids)
        logits = student.run("gpt_learned", *call)
        assert_equal([list(logits.shape), str(logits.dtype)], [[64, 10, 9], "float64"])
        assert np.isfinite(logits).all() and loss_of(logits, targets) < 0.05, "it did not learn"


@oracle
def descended(w, ids, targets, config, *, peak=3e-3, warmup=20, clip=1.0, weight_decay=0.01):
    """Return the loss before each step, and the weights after all."""
    losses = []
    m, v = ({name: np.zeros_like(x) for name, x in w.items()} for _ in "mv")
    for step, (x, y) in enumerate(zip(ids, targets, strict=True)):
        r = max(0.0, (step - warmup) / (len(ids) - warmup))
        rate = peak * (step + 1) / warmup if step < warmup else peak * np.cos(np.pi / 2 * r) ** 2
        losses.append(loss_of(logits_of(w, x, config), y))
        g = gradients(w, x, y, config)
        kept = min(1.0, clip / np.sqrt(sum(np.sum(a * a) for a in g.values())))
        m = {name: 0.9 * m[name] + 0.1 * kept * g[name] for name in w}
        v = {name: 0.999 * v[name] + 0.001 * np.square(kept * g[name]) for name in w}
        for name in w:
            mean, square = m[name] / (1 - 0.9 ** (step + 1)), v[name] / (1 - 0.999 ** (step + 1))
            moved = mean / (np.sqrt(square) + 1e-8)
            w = w | {name: w[name] - rate * (weight_decay * w[name] + moved)}
    return losses, w


def check_descent(got, want):
    """Compare losses and weights with those of `descended`."""
    assert_equal([type(loss).__name__ for loss in got["losses"]], ["float"] * len(want[0]))
    assert_close(np.array(got["losses"]), np.array(want[0]), rtol=1e-8)
    assert_equal([list(got["state"]), got["training"]], [list(want[1]), True])
    for name, exact in want[1].items():
        assert_close(got["state"][name], exact, rtol=1e-7, atol=1e-9)


@exercise("gpt", points=1, hint="Rate of this step, loss, no old gradients, backward, clip, step.")
def test_each_step_of_training(student, rng):
    """The loss before each step, and the weights at the end, for several settings."""
    w = drawn(SMALL, rng)
    ids, targets = some_text(rng, SMALL, 6, 2, 3)
    settings = [{"peak": 0.03, "warmup": 2, "clip": 0.5, "weight_decay": 0.4}]
    settings += [{"warmup": 0, "clip": 1e-7}, {"peak": 0.02, "warmup": 5, "clip": 1e3}]
    before = {name: rng.normal(size=x.shape) for name, x in w.items()}
    plan = [(ids, targets, some) for some in settings]
    plan += [(*some_text(rng, SMALL, 22, 1, 2), {})]
    cases = [[SMALL, w, *text, some, before] for *text, some in plan]
    answers = student.run("many", "gpt_descended", cases)
    for got, (*text, some) in zip(answers, plan, strict=True):
        check_descent(got, descended(w, *text, SMALL, **some))


@exercise("gpt", points=0.5, hint="Train in training mode; keep no graph once its step is done.")
def test_training_mode_and_memory(student, rng):
    """Training with all that the blocks add dropped out; peak memory of many steps."""
    w, (ids, targets) = drawn(SMALL, rng), some_text(rng, SMALL, 4, 2, 3)
    config, settings = SMALL | {"dropout": 1 - 1e-9}, {"warmup": 1, "weight_decay": 0.0}
    got = student.run("gpt_descended", config, w, ids, targets, settings)
    check_descent(got, descended(w, ids, targets, SMALL | {"keep": 0.0}, **settings))
    config = {"vocab": 5, "context": 32, "width": 32, "layers": 1, "heads": 2, "kv_heads": 1}
    config |= {"hidden": 64}
    w, (ids, targets) = drawn(config, rng), some_text(rng, config, 24, 16, 32)
    seen = student.observe("gpt_descended", config, w, ids, targets, {})
    if seen.outcome is not Outcome.PASS:
        raise CallFailed("gpt_descended", seen)
    assert_equal(len(seen.value["losses"]), 24)
    exact = loss_of(logits_of(w, ids[0], config), targets[0])
    assert_close(seen.value["losses"][0], float(exact), rtol=1e-9)
    assert seen.peak_bytes <= 40 * MIB, "memory grows with the number of steps"

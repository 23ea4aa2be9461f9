"""Exercise 1.10, hidden: the cross entropy."""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

MIB = 2**20


def oracle(logits, target, ignore_index=-100, label_smoothing=0.0):
    """Return the loss, its gradient and the softmax, one row after the other, in float64."""
    logits = np.asarray(logits, float)
    value, count, classes = 0.0, 0, logits.shape[-1]
    grad, p = np.zeros_like(logits), np.zeros_like(logits)
    for place in np.ndindex(target.shape):
        if target[place] == ignore_index:
            continue
        shifted = logits[place] - logits[place].max()
        log_p = shifted - np.log(np.exp(shifted).sum())
        q = np.full(classes, label_smoothing / classes)
        q[target[place]] += 1 - label_smoothing
        value -= q @ log_p
        p[place], grad[place], count = np.exp(log_p), np.exp(log_p) - q, count + 1
    return np.asarray(value / max(count, 1)), grad / max(count, 1), p


def check(student, rng, plan, rtol=1e-10, atol=1e-12):
    """Try each (logits, target, options, order in memory) with an upstream gradient of its own."""
    cases = [[x, t, np.asarray(rng.normal(), x.dtype), *more] for x, t, *more in plan]
    answers = student.run("many", "loss_vjp", cases)
    for got, (logits, target, g, options, *_) in zip(answers, cases, strict=True):
        value, grad, _ = oracle(logits, target, **options)
        assert_close(got["value"], value, rtol=rtol, atol=atol, dtype=logits.dtype)
        assert_close(got["grads"][0], g * grad, rtol=rtol, atol=atol, dtype=logits.dtype)
        counts = target != options.get("ignore_index", -100)
        assert_equal(got["grads"][0][~counts], np.zeros_like(logits[~counts]))
        assert_equal([got["inputs"][0], got["upstream"], got["target"]], [logits, g, target])


def some(rng, *lead, classes=5):
    """Return random logits, and targets that are all classes."""
    target = np.asarray(rng.integers(0, classes, size=lead))
    return rng.normal(size=(*lead, classes)) * 2, target


@exercise("fused", points=0.5, hint="The mean is over the targets that count; the rest gets 0.")
def test_cross_entropy_counts_targets(student, rng):
    """Any leading axes; some and all targets ignored; what is ignored may be a class."""
    plan = [(*some(rng, *lead), {}) for lead in ((), (7,), (2, 3), (3, 1, 2), (0,))]
    logits, target = some(rng, 3, 7)
    few = np.where(rng.permutation(21).reshape(3, 7) < 8, -100, target)
    one = np.full(7, -100)
    one[5] = 3
    plan += [(logits, few, {}), (logits[0], one, {}), (logits[0, 0], np.asarray(-100), {})]
    plan += [(logits, np.full((3, 7), -100), {"label_smoothing": s}) for s in (0.0, 0.3)]
    for ignored in (-1, 0, 2, 4, 255):
        mixed = np.where(few == -100, ignored, target)
        plan.append((logits, mixed, {"ignore_index": ignored}))
    plan.append((logits, np.full((3, 7), 3), {"ignore_index": 3}))
    plan += [(logits, few.astype(np.int16), {}, way) for way in ("permuted", "negative")]
    check(student, rng, plan)
    plan = [(["cross_entropy", [logits], {"target": target + 5}], "IndexError")]
    plan += [(["cross_entropy", [logits], {"target": target - 5}], "IndexError")]
    bad = few.copy()
    bad[1, 2] = -1
    plan += [(["cross_entropy", [logits], {"target": bad}], "IndexError")]
    for wrong in (target[0], target[..., None], target.T):
        plan += [(["cross_entropy", [logits], {"target": wrong}], "ValueError")]
    assert_equal(student.run("many", "refused_by", [c for c, _ in plan]), [e for _, e in plan])


@exercise("fused", points=0.5, hint="log(sum(exp(x))) overflows: shift by the largest first.")
def test_cross_entropy_at_the_extremes(student, rng):
    """Logits around ±10⁴, near each other and far apart; float32 in, float32 out."""
    logits, target = some(rng, 7)
    spread = rng.choice([-1e4, 0.0, 1e4], size=(7, 5))
    ignored = np.where(np.arange(7) % 3 == 1, -100, target)
    large = [logits + 1e4, logits - 1e4, spread, spread + logits]
    plan = [
        (x, t, {"label_smoothing": s}) for x in large for t in (target, ignored) for s in (0, 0.2)
    ]
    check(student, rng, plan, rtol=1e-9, atol=1e-9)
    single = [(x.astype(np.float32), t, options) for x, t, options in plan[8:]]
    check(student, rng, single, rtol=1e-4, atol=1e-3)
    short = [(logits.astype(np.float32), t, {"label_smoothing": 0.2}) for t in (target, ignored)]
    check(student, rng, short, rtol=1e-5, atol=1e-6)


@exercise("fused", points=0.5, hint="Every class has s / classes; the target has 1 - s on top.")
def test_cross_entropy_with_smoothing(student, rng):
    """Label smoothing up to 1, with ignored targets, with many classes and with one."""
    plan = []
    for s in (0.1, 0.5, 1.0, float(rng.uniform(0.2, 0.9))):
        for classes in (1, 2, 13):
            logits, target = some(rng, 3, 5, classes=classes)
            holes = np.where(rng.permutation(15).reshape(3, 5) < 4, -100, target)
            plan += [(logits, t, {"label_smoothing": s}) for t in (target, holes)]
    plan += [(*some(rng, 7, classes=1), {})]
    check(student, rng, plan)


@exercise("fused", points=0.5, hint="Write backward with tensor functions, not on arrays.")
def test_cross_entropy_gradient_is_differentiable(student, rng):
    """Second derivatives, with smoothing, ignored targets and logits of any magnitude."""
    logits, target = some(rng, 3, 5)
    holes = np.where(rng.permutation(15).reshape(3, 5) < 4, -100, target)
    settings = [(logits, target, {}), (logits, holes, {"label_smoothing": 0.3})]
    settings += [(logits + 1e4, holes, {}), (logits, np.full((3, 5), -100), {})]
    g, v = np.asarray(rng.normal()), rng.normal(size=(3, 5, 5))
    cases = [["cross_entropy", [x], g, {"target": t} | o, [v]] for x, t, o in settings]
    for got, (x, t, o) in zip(student.run("many", "second_order", cases), settings, strict=True):
        _, grad, p = oracle(x, t, **o)
        count = max(1, np.count_nonzero(t != -100))
        by_logits = g / count * p * (v - (p * v).sum(-1, keepdims=True))
        assert_close(got["first"][0], g * grad, rtol=1e-9, atol=1e-11)
        if got["second"][0] is not None or by_logits.any():  # None: it does not depend on them
            assert_close(got["second"][0], by_logits, rtol=1e-9, atol=1e-11)
        assert_close(got["second"][1], np.asarray((grad * v).sum()), rtol=1e-9, atol=1e-11)


@exercise("fused", points=0.5, hint="Keep the logits; compute the softmax again on the way back.")
def test_cross_entropy_keeps_little(student, rng):
    """The memory that many calls on the same logits take before the way back."""
    logits, target = some(rng, 64, classes=1024)
    g = np.asarray(rng.normal())
    call = ("last_of_many_calls", 48, "cross_entropy", [logits], g, {"target": target})
    seen = student.observe(*call)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed(call[0], seen)
    value, grad, _ = oracle(logits, target)
    assert_close(seen.value["value"], value, rtol=1e-9)
    assert_close(seen.value["grads"][0], g * grad, rtol=1e-9, atol=1e-9)
    # An array of the size of the logits, kept by each call, is 24 MiB; small functions keep five.
    assert seen.peak_bytes <= 50 * MIB, "each call keeps several arrays of the size of the logits"

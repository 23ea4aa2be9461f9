"""Exercise 1.10, hidden: attention."""

import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise, oracle

MIB = 2**20


@oracle
def attended(q, k, v, g, causal=False):
    """Return the result, and the gradients by q, k, v: one query of one head after the other.

    In float64, or in complex numbers if the arrays are.
    """
    kind = np.result_type(q, k, v, g, float)
    q, k, v, g = (np.asarray(a, kind) for a in (q, k, v, g))
    out = np.zeros(q.shape[:-1] + v.shape[-1:], kind)
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    sharing, behind, root = (
        q.shape[-3] // k.shape[-3],
        k.shape[-2] - q.shape[-2],
        q.shape[-1] ** 0.5,
    )
    for *batch, head, i in np.ndindex(q.shape[:-1]):
        at, shared = (*batch, head, i), (*batch, head // sharing)
        seen = max(0, behind + i + 1) if causal else k.shape[-2]
        if seen == 0:
            continue
        keys, values = k[shared][:seen], v[shared][:seen]
        scores = keys @ q[at] / root
        p = np.exp(scores - scores.real.max())
        p /= p.sum()
        dp = values @ g[at]
        ds = p * (dp - p @ dp) / root
        out[at], dq[at] = p @ values, ds @ keys
        dk[shared][:seen] += np.outer(ds, q[at])
        dv[shared][:seen] += np.outer(p, g[at])
    return out, dq, dk, dv


def some(rng, batch=(2,), heads=2, kv_heads=2, queries=3, keys=3, width=5, width_v=5):
    """Return [q, k, v] and an upstream gradient."""
    q = rng.normal(size=(*batch, heads, queries, width))
    k = rng.normal(size=(*batch, kv_heads, keys, width))
    v = rng.normal(size=(*batch, kv_heads, keys, width_v))
    return [q, k, v], rng.normal(size=(*batch, heads, queries, width_v))


def check(student, plan, layouts=("plain",), rtol=1e-10):
    """Try each (arrays, upstream gradient), without and with the causal mask."""
    ways = [({"causal": causal}, layout) for causal in (False, True) for layout in layouts]
    cases = [["attention", *one, *way] for one in plan for way in ways]
    for got, (_, qkv, g, options, _) in zip(student.run("many", "vjp", cases), cases, strict=True):
        wants = attended(*qkv, g, **options)
        for mine, want in zip([got["value"], *got["grads"]], wants, strict=True):
            near = rtol if g.dtype == np.float64 else 1e-5
            atol = near * np.abs(want).max(initial=1.0)
            assert_close(mine, want, rtol=near, atol=atol, dtype=g.dtype)
        blind = max(0, g.shape[-2] - qkv[1].shape[-2]) if options["causal"] else 0
        for mine in (got["value"][..., :blind, :], got["grads"][0][..., :blind, :]):
            assert_equal(mine, np.zeros_like(mine))
        assert_equal([*got["inputs"], got["upstream"]], [*qkv, g])


@exercise("fused", points=0.5, hint="Neighbouring heads of q share: head h uses h // group.")
def test_attention_shares_heads(student, rng):
    """Heads of q that share heads of k and v; any batch axes; shapes that do not fit."""
    heads = [(1, 1), (3, 3), (6, 2), (6, 3), (3, 1), (4, 2)]
    plan = [some(rng, heads=h, kv_heads=s) for h, s in heads]
    for batch in ((), (1,), (2, 3), (0,)):
        plan.append(some(rng, batch, heads=4, kv_heads=2, width=3, width_v=7))
    check(student, plan)
    (q, k, v), _ = some(rng, (2,), heads=6, kv_heads=2, queries=3, keys=5)
    wrong = [[q[:, :5], k, v], [q, k[..., :3], v], [q, k, v[..., :4, :]], [q, k, v[:, :1]]]
    wrong += [[q[:1], k, v], [q[0], k, v]]
    answers = student.run("many", "refused_by", [["attention", case, {}] for case in wrong])
    assert_equal(answers, ["ValueError"] * len(wrong))


@exercise("fused", points=0.5, hint="The last query sees every key: align at the bottom right.")
def test_attention_of_few_queries_to_many_keys(student, rng):
    """More keys than queries, one query, one key; widths that differ."""
    plan = [some(rng, queries=n, keys=m) for n, m in ((3, 5), (2, 7), (1, 5), (1, 1), (5, 5))]
    plan.append(some(rng, heads=4, queries=2, keys=3, width=1, width_v=3))
    plan.append(some(rng, heads=6, queries=5, keys=7, width=7, width_v=1))
    check(student, plan)


@exercise("fused", points=0.5, hint="A row of nothing but -inf: result 0, gradients 0, no NaN.")
def test_attention_of_queries_that_see_nothing(student, rng):
    """More queries than keys: the first ones see no key."""
    plan = [some(rng, queries=n, keys=m) for n, m in ((5, 3), (7, 2), (3, 1), (2, 1))]
    plan.append(some(rng, heads=4, queries=5, keys=2, width=3, width_v=2))
    (q, k, v), g = some(rng, queries=5, keys=3)
    check(student, plan)
    check(student, [([1e4 * q, k, v], g)], rtol=1e-7)


@exercise("fused", points=0.5, hint="Any magnitude, any memory order; float32 in, float32 out.")
def test_attention_at_the_extremes(student, rng):
    """Scores around ±10⁴, also where they are hidden; memory orders, float32."""
    plan = []
    for scale in (1e2, 1e4):
        (q, k, v), g = some(rng, heads=4, queries=3, keys=5)
        plan.append(([scale * q, k, v], g))
        tall = k.copy()
        tall[..., -1, :] = scale * q.reshape(2, 2, 2, 3, 5)[:, :, 0, 0]
        plan.append(([q, tall, v], g))
    check(student, plan, rtol=1e-7)
    plan = [some(rng, heads=6, queries=3, keys=5), some(rng, (), queries=5)]
    for shape in ({"keys": 7}, {"heads": 6, "queries": 5}, {"width": 3, "width_v": 2}):
        arrays, g = some(rng, **shape)
        plan.append(([a.astype(np.float32) for a in arrays], g.astype(np.float32)))
    check(student, plan, ("permuted", "negative"))


@exercise("fused", points=0.5, hint="Write backward with tensor functions, not on arrays.")
def test_attention_gradients_are_differentiable(student, rng):
    """Second derivatives: shared heads, the causal mask, queries that see nothing."""
    shapes = [{}, {"heads": 4, "keys": 5, "width_v": 2}, {"batch": (), "queries": 5, "keys": 2}]
    plan = []
    for shape in shapes:
        qkv, g = some(rng, **shape)
        plan += [(qkv, g, {"causal": causal}, some(rng, **shape)[0]) for causal in (False, True)]
    answers = student.run("many", "second_order", [["attention", *one] for one in plan])
    for got, (qkv, g, options, along) in zip(answers, plan, strict=True):
        # The Hessian is symmetric: how the value and the gradients move along `along`, by a
        # difference in the complex plane, exact to rounding (Squire, Trapp, SIAM Review 40, 1998).
        moved = [a + 1e-30j * v for a, v in zip(qkv, along, strict=True)]
        value, *grads = attended(*moved, g, **options)
        for mine, want in zip(got["first"], grads, strict=True):
            assert_close(mine, want.real, rtol=1e-9, atol=1e-11)
        for mine, want in zip(got["second"], [*grads, value], strict=True):
            assert_close(mine, want.imag / 1e-30, rtol=1e-9, atol=1e-11)


@exercise("fused", points=0.5, hint="Keep q, k and v; compute the softmax again on the way back.")
def test_attention_keeps_nothing_of_size_queries_times_keys(student, rng):
    """The memory that many calls take before the way back."""
    arrays, g = some(rng, (), 1, 1, queries=192, keys=200, width=3, width_v=2)
    arrays, g, options = (
        [a.astype(np.float32) for a in arrays],
        g.astype(np.float32),
        {"causal": True},
    )
    call = ("last_of_many_calls", 1024, "attention", arrays, g, options)
    seen = student.observe(*call)
    if seen.outcome is not Outcome.PASS:
        raise CallFailed(call[0], seen)
    value, *grads = attended(*arrays, g, causal=True)
    assert_close(seen.value["value"], value, rtol=1e-4, atol=1e-4, dtype=np.float32)
    for mine, want in zip(seen.value["grads"], grads, strict=True):
        assert_close(mine, want, rtol=1e-4, atol=1e-3, dtype=np.float32)
    # Even of bytes, as many arrays of 192 x 200 are 38 MiB; of float32, 150.
    assert seen.peak_bytes <= 21 * MIB, "each call keeps an array of size queries x keys"

"""Exercise 1.9, hidden: modules. What describes one is explained at `built` in the probes."""

import numpy as np

from autograder.judge import assert_equal, exercise


def parameter(label, array):
    return ["parameter", label, array]


def module(label, **attributes):
    return ["module", label, *([name, part] for name, part in attributes.items())]


def model_of(arrays):
    """Describe a model with every kind of attribute, some of them shared; tell its names."""
    a, b, c, d, e, f = (parameter(label, x) for label, x in zip("abcdef", arrays, strict=True))
    shared = module("shared", weight=d, tied=["again", "b"])
    deep = ["list", ["tuple", c, ["plain", None]], ["list"], ["list", ["list", shared]]]
    model = module(
        "top",
        zeta=a,
        _inner=module("inner", weight=b, name=["plain", "weights"], again=["again", "b"]),
        depth=["plain", 3],
        table=["plain", np.ones(3)],
        blocks=deep,
        alpha=["tensor", np.ones(3)],
        other=["again", "shared"],
        pair=["tuple", ["again", "a"], module("last", outer=e, parts=["list", ["again", "c"]])],
        beta=f,
    )
    names = ["zeta", "_inner.weight", "blocks.0.0", "blocks.2.0.0.weight", "pair.1.outer", "beta"]
    return model, names


def arrays_for(rng, dtype=np.float64):
    return [np.asarray(rng.normal(size=s)).astype(dtype) for s in ((3,), (2, 3), (), 5, 1, (3, 2))]


def values(labels, arrays):
    return dict(zip(labels, arrays, strict=True))


@exercise("modules", points=1, hint="Each parameter once, under the first of its names.")
def test_owned_parameters_and_their_names(student, rng):
    """Names in order, through nested modules, lists and tuples; tied weights; shared modules."""
    arrays = arrays_for(rng)
    model, names = model_of(arrays)
    many = module("many", parts=["list", *(parameter(str(i), arrays[0] + i) for i in range(13))])
    nothing = module("nothing", n=["plain", 1], parts=["list"])
    first, second, third = student.run("many", "owned", [[model], [many], [nothing]])
    assert_equal(first["named"], [[n, a] for n, a in zip(names, arrays, strict=True)])
    assert_equal(first["parameters"], arrays)
    assert_equal(sorted(first["modules"]), ["inner", "last", "shared", "top"])
    assert_equal(second["named"], [[f"parts.{i}", arrays[0] + i] for i in range(13)])
    assert_equal(third, {"named": [], "parameters": [], "modules": ["nothing"]})


@exercise("modules", points=0.5, hint="modules() finds them all: lists, tuples, any depth.")
def test_train_and_eval_reach_every_module(student, rng):
    """Training and evaluation of the whole and of a part of it; zero_grad."""
    model, _ = model_of(arrays_for(rng))
    labels = ("top", "inner", "shared", "last")
    steps = [["top", "eval", []], ["shared", "train", []], ["top", "train", [True]]]
    steps += [["inner", "eval", []], ["top", "train", [False]], ["top", "train", []]]
    on = ["top inner shared last", "", "shared", "top inner shared last", "top shared last", ""]
    on += ["top inner shared last"]
    want = [{label: label in some.split() for label in labels} for some in on]
    assert_equal(student.run("switched", model, steps), want)
    assert_equal(student.run("cleared", model), dict.fromkeys("abcdef"))


@exercise("modules", points=0.5, hint="Copy on the way out, and on the way in.")
def test_state_is_copied_out_and_in(student, rng):
    """A saved state does not change in training; a loaded one is not shared; dtypes stay."""
    plan = ((np.float64, np.float32), (np.float32, np.float64))
    some = [(arrays_for(rng, dtype), arrays_for(rng, other)) for dtype, other in plan]
    models, (names, *_) = zip(*[model_of(old) for old, _ in some], strict=True)
    answers = student.run("many", "written_after_saving", [[model] for model in models])
    for got, (old, _) in zip(answers, some, strict=True):
        assert_equal(got, {"saved": values(names, old), "parameters": [x * 2 + 1 for x in old]})
    states = [dict(reversed(values(names, new).items())) for _, new in some]
    answers = student.run("many", "loaded", list(zip(models, states, strict=True)))
    for got, (old, new) in zip(answers, some, strict=True):
        want = [x.astype(y.dtype) for x, y in zip(new, old, strict=True)]
        assert_equal(got, {"error": None, "values": values("abcdef", want)})


@exercise("modules", points=0.5, hint="Check every name and every shape; then begin to change.")
def test_a_state_that_does_not_fit_changes_nothing(student, rng):
    """Missing names, unexpected names and wrong shapes, at the first name and at the last."""
    old, new = arrays_for(rng), arrays_for(rng)
    model, names = model_of(old)
    fitting = values(names, new)
    some = [(without(fitting, name), "KeyError") for name in (names[0], names[-1])]
    some += [({}, "KeyError"), (fitting | {"other.weight": new[3]}, "KeyError")]
    some += [(without(fitting, "zeta") | {"pair.0": new[0]}, "KeyError")]
    wrong = {"zeta": (1,), "_inner.weight": (3, 2), "blocks.0.0": (1,), "beta": (3, 2, 1)}
    some += [(fitting | {name: np.ones(shape)}, "ValueError") for name, shape in wrong.items()]
    some += [(fitting | {"beta": new[5].T.copy()}, "ValueError")]
    some += [(fitting | {"pair.1.outer": np.asarray(1.0)}, "ValueError")]
    answers = student.run("many", "loaded", [[model, state] for state, _ in some])
    for got, (_, error) in zip(answers, some, strict=True):
        assert_equal(got, {"error": error, "values": values("abcdef", old)})


def without(state, name):
    return {key: array for key, array in state.items() if key != name}

"""What a failing test had asked of the student: a case of its author's, or the newest call."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.model import Value

_CASES = "cases"  # the parameter of a probe that hands many cases to another probe
_PROBE = "probe"  # its parameter that names the other one


@dataclass(frozen=True)
class Asked:
    """One question to the student's code, by what names its inputs have."""

    label: str
    inputs: Mapping[str, Value]


class CountedCases(list[Value]):
    """The cases of one call; `taken` is the number of the one in work, 0 where that is unknown."""

    taken = 0

    def __iter__(self) -> Iterator[Value]:
        """One case after the other."""
        for number, case in enumerate(super().__iter__(), 1):
            self.taken = number
            yield case
        self.taken = 0


def asked(probe: Callable[..., Value], args: Sequence[Value], kwargs: Mapping[str, Value]) -> Asked:
    """Return the call ``probe(*args, **kwargs)``, its arguments by the names of the parameters."""
    return Asked(f"call of {probe.__name__}", _named(probe, args, kwargs))


def counted(probe: Callable[..., Value], args: list[Value]) -> CountedCases:
    """Put counted cases into `args` in the place of those of `probe`; return them (none: empty)."""
    names = list(inspect.signature(probe).parameters)
    place = names.index(_CASES) if _CASES in names else len(args)
    if place >= len(args) or not isinstance(args[place], list):
        return CountedCases()
    args[place] = cases = CountedCases(args[place])
    return cases


def asked_in_turn(call: Asked, number: int, probes: object) -> Asked:
    """Return case `number` (from 1) of a call that hands its cases to one probe of `probes`."""
    cases, name = call.inputs[_CASES], call.inputs.get(_PROBE)
    label = f"{call.label}, case {number} of {len(cases)}"
    probe = getattr(probes, name, None) if isinstance(name, str) else None
    if probe is None:
        return Asked(label, {"case": cases[number - 1]})
    return Asked(label, {_PROBE: name, **_named(probe, cases[number - 1], {})})


def _named(
    function: Callable[..., Value], args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value]:
    try:
        return dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except TypeError:  # the call does not fit the probe
        return {f"argument {n}": value for n, value in enumerate(args, 1)} | dict(kwargs)

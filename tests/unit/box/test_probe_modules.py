"""Probes in several modules: all are there, and none can be put in another's place."""

from pathlib import PurePosixPath

import pytest
from opened_box import WALLED_OR_NOT

from autograder.box.base import sandbox
from autograder.judge.kernels import machine_needs
from autograder.model import Limits, Needs, Outcome

MAIN = b"from probes_more import *\n\ndef own(): return 'main'\n"
MORE = {"probes_more.py": b"import mine\n\ndef more(): return ['more', mine.__name__, __file__]\n"}
FILES = {"mine.py": b"", "probes_more.py": b"def more(): return 'forged'\n"}


@pytest.fixture(params=WALLED_OR_NOT)
def box(request):
    files = {PurePosixPath(name): data for name, data in FILES.items()}
    with sandbox(request.param).open(files, Needs((), MAIN, Limits(), MORE)) as opened:
        yield opened


def test_a_probe_of_a_sibling_is_found_and_not_that_of_a_submission(box):
    assert box.call("own", [], {}, Limits()).value == "main"
    name, module, file = box.call("more", [], {}, Limits()).value
    assert (name, module) == ("more", "mine")
    assert file.endswith("/box/probes/probes_more.py")


def test_a_failing_sibling_speaks_in_every_case():
    needs = Needs((), MAIN, Limits(), {"probes_more.py": b"1 / 0\n"})
    with sandbox("none").open({}, needs) as broken:
        for seen in broken.map("own", [[], []], Limits()):
            assert seen.outcome is Outcome.CRASHED and seen.error.type == "ZeroDivisionError"


@pytest.mark.parametrize("wall", WALLED_OR_NOT)
@pytest.mark.parametrize("ahead", [(), ("labkit.gpu",)])
def test_what_is_named_is_imported_before_the_first_call_and_nothing_else(wall, ahead):
    probes = b"import sys\n\ndef loaded(): return 'labkit.gpu.machine' in sys.modules\n"
    needs = Needs(("numpy",), probes, preload=ahead)
    with sandbox(wall).open({}, needs) as opened:
        assert opened.call("loaded", [], {}, Limits()).value is bool(ahead)


def test_the_kernels_machine_is_loaded_ahead():
    assert "labkit.gpu" in machine_needs(Limits()).preload

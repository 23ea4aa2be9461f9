"""Whatever single EnQue, DeQue, FreeTensor, flag or copy a kernel lacks, it is told."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from labkit import npu
from tests.npu_kernels.case import Case
from tests.npu_kernels.catalogue import CASES, MANUAL, SAMPLES
from tests.npu_kernels.deletions import Deletion, Selectable, selectable

# Its last copy writes over what another has written: without it only values differ.
_MANUAL = [case for case in CASES if case.path == MANUAL and case.kernel != "barriers"]


@cache
def program(path: Path) -> Selectable:
    return selectable(path.read_text())


def of_samples() -> list[tuple[Path, Deletion]]:
    return [(path, one) for path in SAMPLES for one in program(path).deletions]


def of_manual() -> list[tuple[Case, Deletion]]:
    found = []
    for case in _MANUAL:
        begin = MANUAL.read_text().split(f" {case.kernel}(")[0].count("\n")
        length = MANUAL.read_text().split(f" {case.kernel}(")[1].split("\n}\n")[0].count("\n")
        lines = range(begin, begin + length + 1)
        found += [(case, one) for one in program(MANUAL).deletions if one.line in lines]
    return found


def ran(path: Path, number: int) -> tuple[npu.Diagnostic, ...]:
    try:
        return npu.run_program(program(path).source, (str(number),)).diagnostics
    except npu.RunError as error:
        return () if error.report is None else error.report.diagnostics


def launched(case: Case, number: int) -> tuple[npu.Diagnostic, ...]:
    arguments = case.inputs(np.random.default_rng(8))
    lib = npu.build(program(MANUAL).source)
    return lib.launch(case.kernel, case.blocks, *arguments, number).diagnostics


@pytest.mark.parametrize(
    ("path", "deletion"), of_samples(), ids=lambda one: getattr(one, "stem", None) or str(one)
)
def test_a_sample_that_lacks_a_statement_is_told(path: Path, deletion: Deletion) -> None:
    assert ran(path, deletion.number)


@pytest.mark.parametrize(("case", "deletion"), of_manual(), ids=str)
def test_a_kernel_that_lacks_a_flag_is_told(case: Case, deletion: Deletion) -> None:
    assert launched(case, deletion.number)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_with_all_its_statements_nothing_is_told_of_a_sample(path: Path) -> None:
    assert not ran(path, 0)


@pytest.mark.parametrize("case", _MANUAL, ids=str)
def test_with_all_its_flags_nothing_is_told_of_a_kernel(case: Case) -> None:
    assert not launched(case, 0)

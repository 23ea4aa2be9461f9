"""A sample that lacks any one statement is told; for all samples see tests/e2e."""

import pytest

from labkit import npu
from tests.npu_kernels.case import FOLDER
from tests.npu_kernels.deletions import Deletion, selectable

ADD = selectable((FOLDER / "samples" / "add.cpp").read_text())


@pytest.mark.parametrize("deletion", ADD.deletions, ids=str)
def test_what_lacks_is_told(deletion: Deletion) -> None:
    try:
        report = npu.run_program(ADD.source, (str(deletion.number),))
    except npu.RunError as error:
        assert error.report is not None
        report = error.report
    assert report.diagnostics


def test_with_all_statements_nothing_is_told() -> None:
    report = npu.run_program(ADD.source, ("0",))
    assert report.exit_code == 0 and report.diagnostics == []


def test_every_call_is_found_once_and_each_declaration_twice() -> None:
    kinds = [each.statement.split("(")[0].split(".")[-1].split("<")[0] for each in ADD.deletions]
    counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    assert counts == {"DataCopy": 3, "DeQue": 6, "EnQue": 3, "FreeTensor": 3}


def test_lines_are_those_of_the_source() -> None:
    lines = (FOLDER / "samples" / "add.cpp").read_text().splitlines()
    assert all(each.statement.split("\n")[0] in lines[each.line - 1] for each in ADD.deletions)

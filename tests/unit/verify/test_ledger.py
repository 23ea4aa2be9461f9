"""The ledger of proofs: what decides one, what is written down, when it is stale."""

import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import labkit
from autograder.cli.generating import survive
from autograder.cli.proving import Wanted, prove
from autograder.course import load_lab
from autograder.errors import CourseError, UsageError
from autograder.verify.digest import proof_digest
from autograder.verify.ledger import LEDGER, Entry, entry_of, read_ledger, write_ledger
from tests.unit.verify.toy import PUBLIC, SOLUTION, Here, add_mutant, edit, proof_of

TRIAGE = """\
[[equivalent]]
file = "answer.py"
function = "double"
before = "a"
after = "b"
reason = "c"
"""


@pytest.fixture
def say(root, capsys, tmp_path):
    """Run `lab verify` with the given options; return exit code, output, and what was judged."""

    def run(count=None, **options):
        place = Here()
        wanted = Wanted(**{"course": root, "lab": None, "sandbox": "fake"} | options)
        code = survive(wanted, count, place) if count else prove(wanted, place)
        return code, capsys.readouterr().out, [job.digest for job in place.judged]

    return run


def digest(root):
    return proof_digest(load_lab(root, "sums"))


@pytest.mark.parametrize(
    "name",
    [
        *("labs/sums/lab.toml", "labs/sums/probes.py", "labs/sums/README.md", PUBLIC, SOLUTION),
        *("labs/sums/mutants/double_adds.toml", "starter/sums/answer.py"),
    ],
)
def test_whatever_decides_a_proof_changes_its_digest(root, name):
    before = digest(root)
    assert digest(root) == before
    (root / name).write_text((root / name).read_text() + "\n# changed\n")
    assert digest(root) != before


def test_a_mutant_more_or_less_changes_the_digest_and_a_triage_does_not(root):
    before = digest(root)
    (root / "labs/sums/equivalent.toml").write_text(TRIAGE)
    assert digest(root) == before
    add_mutant(root, "m", "7 * x")
    assert digest(root) != before


def test_what_notebooks_show_decides_no_proof(root, monkeypatch, tmp_path):
    kit = shutil.copytree(Path(labkit.__file__).parent, tmp_path / "labkit")
    monkeypatch.setattr(labkit, "__file__", str(kit / "__init__.py"))
    before = digest(root)
    (kit / "notebook/picture.py").write_text("# changed\n")
    assert digest(root) == before
    (kit / "vector.py").write_text("# changed\n")
    assert digest(root) != before


def test_the_virtual_npu_decides_proofs_of_labs_that_compile_for_it(root, monkeypatch, tmp_path):
    kit = shutil.copytree(Path(labkit.__file__).parent, tmp_path / "labkit")
    monkeypatch.setattr(labkit, "__file__", str(kit / "__init__.py"))
    lab = load_lab(root, "sums")
    compiling = replace(lab, compilers=("ascendc",))
    before = [proof_digest(each) for each in (lab, compiling)]
    (kit / "npu/include/kernel_operator.h").write_text("// changed\n")
    after = [proof_digest(each) for each in (lab, compiling)]
    assert after[0] == before[0] and after[1] != before[1]


def test_an_entry_is_read_as_it_was_written(root):
    entry = entry_of(load_lab(root, "sums"), proof_of(root))
    strange = Entry("sha256:\u00e9", 0, 1, {'a "b" \\': entry.mutants["double_adds"]})
    for entries in ({"sums": entry}, {"sums": entry, "zero": strange}, {}):
        write_ledger(root, entries)
        assert read_ledger(root) == entries


def test_the_ledger_says_which_hidden_test_killed_and_what_public_ones_miss(root):
    proof = proof_of(root)
    write_ledger(root, {"sums": entry_of(load_lab(root, "sums"), proof)})
    table = tomllib.loads((root / LEDGER).read_text())["sums"]
    assert (table["digest"], table["public_tests"], table["hidden_tests"]) == (proof.digest, 2, 2)
    assert table["mutant"]["double_adds"] == {
        "killed_by": {"double": "test_double"},
        "unseen": ["double"],
        "passes_public": True,
    }


@pytest.mark.parametrize("text", ["= 3", "[sums]\n", "sums = 1\n", "[sums.mutant.m]\n"])
def test_a_damaged_ledger_is_an_authors_mistake(root, text):
    (root / LEDGER).write_text(text)
    with pytest.raises(CourseError, match=r"proofs\.toml:1: this is no ledger of proofs"):
        read_ledger(root)


def test_recording_writes_the_same_bytes_again(root, say):
    assert say(record=True)[0] == 0
    first = (root / LEDGER).read_bytes()
    assert say(record=True)[0] == 0
    assert (root / LEDGER).read_bytes() == first


def test_what_fails_is_not_recorded(root, say):
    add_mutant(root, "m", "x * 2")
    code, out, _ = say(record=True)
    assert code == 1
    assert "sums is not recorded: not every claim holds." in out
    assert read_ledger(root) == {}


def test_a_lab_is_stale_until_it_is_recorded(root, say):
    code, out, judged = say(stale=True)
    assert (code, bool(judged)) == (1, True)
    assert "Every claim holds." in out
    assert "run make prove and commit labs/proofs.toml" in out
    say(record=True)
    code, out, judged = say(stale=True)
    assert (code, judged) == (0, [])
    assert "sums is proven as it is." in out
    edit(root, PUBLIC, "Twice one.", "Two.")
    assert say(stale=True)[0] == 1


def test_the_matrix_and_the_document_tell_all(say, tmp_path):
    target = tmp_path / "proof.json"
    code, out, _ = say(json_target=str(target))
    assert code == 0
    assert "double_adds" in out
    assert "Exercises: 1 double, 2 triple" in out
    (lab,) = json.loads(target.read_text())["labs"]
    assert lab["holds"] is True
    assert {f["claim"] for f in lab["findings"]} >= {"hostile", "mutant triple_adds"}
    assert lab["mutants"][0]["marks"] == {"double": "hidden", "triple": "untouched"}
    assert max(map(len, out.splitlines())) <= 120


def test_a_claim_that_fails_is_spelled_out(root, say):
    add_mutant(root, "m", "x * 2")
    code, out, _ = say()
    assert code == 1
    assert "mutant m: survives double" in out
    assert "1 of 10 claims fail." in out


def test_one_exercise_can_be_proven(say):
    code, out, judged = say(lab="sums", exercises=("triple",))
    assert code == 0
    assert "mutant double_adds" not in judged
    assert "exercise double" not in out


def test_survivors_fail_and_too_few_mutants_are_said(root, say):
    code, out, _ = say(100, lab="sums")
    assert code == 0
    assert "there are only 8 mutants to be made" in out
    edit(root, SOLUTION, "return 2 * x", "a = 1\n    return 2 * x")
    code, out, _ = say(100, lab="sums")
    assert code == 1
    assert "survives answer.py:3 in double: shift constant\n  a = 1\n  -> a = 2" in out


@pytest.mark.parametrize(
    "options",
    [
        {"record": True, "stale": True},
        {"record": True, "exercises": ("double",), "lab": "sums"},
        {"exercises": ("double",)},
        {"exercises": ("dubble",), "lab": "sums"},
        {"count": 3, "record": True},
    ],
)
def test_options_that_make_no_sense_together_are_refused(say, options):
    with pytest.raises(UsageError):
        say(**options)

"""Generated mutants: until the first killer, relevant exercises first, survivors triaged."""

import pytest

from autograder.course import load_lab
from autograder.errors import CourseError
from autograder.verify import load_mutants
from autograder.verify.generated import batch, survey
from autograder.verify.relevance import Relevance
from tests.unit.verify.toy import SOLUTION, Here, edit, template

SPARE = "    return 2 * x"
IDLE = "    about = 1\n    return 2 * x"
ENTRY = """\
[[equivalent]]
file = "answer.py"
function = "double"
before = "about = 1"
after = "{after}"
reason = "{reason}"
"""


def surveyed(root, count=100, chosen=()):
    made = batch(load_lab(root, "sums"), template(root), count, chosen)
    place = Here()
    return survey(made, place.run(made.jobs)), made, place


def triage(root, *entries):
    (root / "labs/sums/equivalent.toml").write_text("\n".join(entries))


def changes(mutants):
    return {f"{mutant.before} -> {mutant.after}" for mutant in mutants}


def test_a_good_suite_kills_them_all(root):
    found, made, _ = surveyed(root)
    assert found.holds
    assert changes(m for m, _ in found.killed) >= {"return 2 * x -> return 2 / x"}
    assert len(found.killed) == len(made.mutants) == 8
    assert not found.survivors


def test_survivors_are_named(root):
    edit(root, SOLUTION, SPARE, IDLE)
    found, _, _ = surveyed(root)
    assert not found.holds
    assert changes(found.survivors) == {
        *("about = 1 -> pass", "about = 1 -> about = 2", "about = 1 -> about = 0"),
    }
    assert {m.function for m in found.survivors} == {"double"}


def test_a_survivor_with_a_reason_is_triaged(root):
    edit(root, SOLUTION, SPARE, IDLE)
    after = ("pass", "about = 2", "about = 0")
    triage(root, *(ENTRY.format(after=a, reason="nobody reads it") for a in after))
    found, _, _ = surveyed(root)
    assert found.holds
    assert len(found.triaged) == 3
    assert not found.stale


def test_an_entry_that_fits_nothing_is_stale_and_one_that_is_killed_refuted(root):
    wrong = ENTRY.replace("about = 1", "return 2 * x").format(after="pass", reason="so I thought")
    triage(root, ENTRY.format(after="pass", reason="gone"), wrong)
    found, _, _ = surveyed(root)
    assert [entry.reason for entry in found.stale] == ["gone"]
    assert [entry.reason for entry in found.refuted] == ["so I thought"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.format(after="pass", reason="  "), "entry 1 has no reason"),
        (ENTRY.format(after="pass", reason="x") + "why = 1\n", "unknown key 'why'"),
        ("[[equal]]\n", r"write \[\[equivalent\]\] tables"),
        ("= 3", "this is not TOML"),
    ],
)
def test_a_triage_file_that_cannot_be_read_is_an_authors_mistake(root, text, says):
    triage(root, text)
    with pytest.raises(CourseError, match=rf"equivalent\.toml:1: .*{says}"):
        surveyed(root)


def test_the_same_are_chosen_again_and_fewer_are_the_first_of_more(root):
    few, more = (surveyed(root, count)[1].mutants for count in (3, 100))
    assert [m.change for m in few] == [m.change for m in more[:3]]


def test_a_mutant_is_judged_until_the_first_test_that_takes_points(root):
    _, made, place = surveyed(root)
    solution, *jobs = place.judged
    assert (solution.is_whole, solution.stop_early) == (True, False)
    assert all(job.stop_early for job in jobs)
    assert len(jobs) == len(made.mutants)


def test_a_solution_that_does_not_pass_proves_nothing(root):
    edit(root, SOLUTION, "return 3 * x", "return 3 * x + 1")
    assert not surveyed(root, 1)[0].holds


def test_relevant_exercises_come_first(root):
    lab = load_lab(root, "sums")
    (root / "labs/sums/mutants/double_adds.toml").unlink()
    relevance = Relevance(lab, load_mutants(lab))
    assert relevance.order("answer.py") == ("triple", "double")
    assert relevance.order("other.py") == ("double", "triple")
    assert relevance.concerns("answer.py", ["triple"])
    assert not relevance.concerns("answer.py", ["double"])


def test_chosen_exercises_restrict_the_files_and_come_first(root):
    made = surveyed(root, 2, ["triple"])[1]
    assert {job.exercises for job in made.jobs[1:]} == {("triple", "double")}
    (root / "labs/sums/mutants/triple_adds.toml").unlink()
    assert surveyed(root, 2, ["triple"])[1].mutants == ()

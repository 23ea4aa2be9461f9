"""The verbs, started for a notebook; the real ones run in `tests/labs/test_tours.py`."""

import json
import sys

import pytest

from labkit.notebook import running

FAKE = """
import json, sys, time
words = sys.argv[1:]
if "--events" in words:
    with open(words[words.index("--events") + 1], "a") as file:
        for event in ({"tests": 2}, {"name": "a"}, {"name": "b"}):
            text = json.dumps(event) + "\\n"
            file.write(text[:5]); file.flush(); time.sleep(0.1)
            file.write(text[5:]); file.flush()
print(json.dumps({"words": words, "tests": []}))
print("said", file=sys.stderr)
sys.exit(CODE)
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Put a program in place of the command line that ends with a code."""
    monkeypatch.chdir(tmp_path)

    def command(code):
        fake = tmp_path / "fake.py"
        fake.write_text(FAKE.replace("CODE", str(code)))
        monkeypatch.setattr(running, "_COMMAND", [sys.executable, str(fake)])

    return command


@pytest.mark.parametrize("code", [0, 1])
def test_events_come_whole_and_in_order_and_then_the_document(command, code):
    command(code)
    events = []
    document = running.check("add", events.append)
    assert events == [{"tests": 2}, {"name": "a"}, {"name": "b"}]
    words = document["words"]
    assert words[:3] == ["check", "-e", "add"]
    assert words[-2:] == ["--json", "-"]


def test_all_exercises_are_asked_for_by_naming_none(command):
    command(0)
    assert "-e" not in running.check(None, lambda event: None)["words"]


@pytest.mark.parametrize("code", [2, 3, 64])
def test_what_cannot_run_is_told_in_the_commands_own_words(command, code):
    command(code)
    with pytest.raises(running.NotRun, match=r"^said$"):
        running.submit()


def test_a_command_that_was_killed_without_a_word_is_told_of(tmp_path, monkeypatch):
    killed = tmp_path / "killed.py"
    killed.write_text("import os\nos.kill(os.getpid(), 9)\n")
    monkeypatch.setattr(running, "_COMMAND", [sys.executable, str(killed)])
    with pytest.raises(running.NotRun, match=r"submit was ended \(code -9\)"):
        running.submit(tmp_path)


def test_submit_returns_what_was_packed(command):
    command(0)
    assert json.dumps(running.submit()["words"]) == '["submit", "--json", "-"]'

"""Every code that is told has advice, and a row in the guide."""

import re
from pathlib import Path

from labkit.npu.diagnostics import ADVICE

ROOT = Path(__file__).parents[4]
TOLD = re.compile(r'(?:tell|broken|race|Mistake)\((?:[^"()]|\([^()]*\))*?"([A-Z][A-Z0-9_]+)"', re.S)


def test_every_code_that_is_told_has_advice_and_none_is_idle():
    sources = [*ROOT.glob("labkit/npu/**/*.h"), *ROOT.glob("labkit/npu/*.py")]
    texts = [file.read_text() for file in sources if file.name != "diagnostics.py"]
    told = {code for text in texts for code in TOLD.findall(text)}
    assert told - set(ADVICE) - {"COMPILER"} == set()
    named = {code for text in texts for code in re.findall(r'"([A-Z][A-Z0-9_]+)"', text)}
    assert set(ADVICE) - named == set()


def test_the_guide_has_a_row_for_each_code():
    guide = (ROOT / "docs" / "npu.md").read_text()
    rows = [f"| `{code}` | {each.hint} | {each.symptom} |" for code, each in ADVICE.items()]
    assert [row for row in rows if row not in guide] == []
    assert len(re.findall(r"^\| `[A-Z0-9_]+` \|", guide, re.M)) == len(rows)

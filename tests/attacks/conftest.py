"""Runs every attack as an item of its own, and tells at the end what came of each."""

import os
from collections.abc import Iterator

import pytest

from autograder.box.base import sandbox
from tests.attacks.attack import CATEGORIES
from tests.attacks.ordinary_user import OrdinaryGrader
from tests.attacks.surroundings import adopt_orphans

collect_ignore = [*CATEGORIES, "course", "honest", "weakened"]  # submissions hold evil conftests
_TABLE = pytest.StashKey[dict[str, tuple[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sandbox", default="namespace", help="what the attacks are made on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sandbox_name" in metafunc.fixturenames:
        metafunc.parametrize("sandbox_name", [metafunc.config.getoption("--sandbox")])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this machine cannot do, with the reason."""
    missing = sandbox(config.getoption("--sandbox")).available()
    for item in items:
        if missing and "sandbox_name" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=f"no sandbox: {missing}"))


@pytest.fixture(scope="session", autouse=True)
def _orphans() -> None:
    adopt_orphans()


@pytest.fixture(scope="session")
def ordinary_grader() -> Iterator[OrdinaryGrader | None]:
    """A grader of an ordinary user; None where we are one ourselves."""
    grader = OrdinaryGrader() if os.geteuid() == 0 else None
    yield grader
    if grader is not None:
        grader.close()


@pytest.fixture
def verdicts(request: pytest.FixtureRequest) -> dict[str, tuple[str, str]]:
    """What is told at the end: item -> title and verdict."""
    return request.config.stash.setdefault(_TABLE, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line per attack: where it succeeded, and what stopped it."""
    table = terminalreporter.config.stash.get(_TABLE, {})
    if table:
        terminalreporter.section("attacks")
    for id, (title, verdict) in table.items():
        terminalreporter.write_line(f"{id:<24} {verdict:<62} {title}")

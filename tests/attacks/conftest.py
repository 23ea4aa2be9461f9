"""Runs every attack as an item of its own, and tells at the end what came of each."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from autograder.box.base import sandbox
from tests.attacks import container
from tests.attacks.attack import CATEGORIES
from tests.attacks.grader import OpenGrader
from tests.attacks.weak import shown_to_work

collect_ignore = [*CATEGORIES, "course", "honest", "weakened"]  # submissions hold evil conftests
IN_CONTAINER = "user"  # the sandbox that is attacked in a default container
_TABLE = pytest.StashKey[dict[str, tuple[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sandbox",
        default="namespace",
        help="what the attacks are made on: one, or some,like,this",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sandbox_name" in metafunc.fixturenames:
        metafunc.parametrize("sandbox_name", metafunc.config.getoption("--sandbox").split(","))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this machine cannot do, with the reason."""
    names = config.getoption("--sandbox").split(",")
    missing = {name: _missing(name) for name in names}
    for item in items:
        made_on = item.callspec.params.get("sandbox_name") if hasattr(item, "callspec") else None
        if made_on and (why := missing[made_on]):
            item.add_marker(pytest.mark.skip(reason=f"no sandbox: {why}"))


def _missing(name: str) -> str | None:
    return container.missing() if name == IN_CONTAINER else sandbox(name).available()


@pytest.fixture(scope="session")
def graders() -> Iterator[Callable[[str, str], OpenGrader]]:
    """Finds the grader that is attacked, by sandbox and who runs it; each stays open for all."""
    opened: dict[tuple[str, str], OpenGrader] = {}

    def find(sandbox: str, who: str) -> OpenGrader:
        if (sandbox, who) not in opened:
            opened[sandbox, who] = OpenGrader(
                ordinary=who == "user" and os.geteuid() == 0,
                engine=sandbox == "docker",
                in_container=sandbox == IN_CONTAINER,
            )
        return opened[sandbox, who]

    yield find
    for grader in opened.values():
        grader.close()


@pytest.fixture(scope="session")
def weakened(request: pytest.FixtureRequest) -> Iterator[dict[str, "Future[str]"]]:
    """Attack -> whether it works at all; found out once for all rows, ahead of them."""
    chosen = {
        item.callspec.params["attack"]: None
        for item in request.session.items
        if isinstance(item, pytest.Function) and "weakened" in item.fixturenames
    }
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield {attack.id: pool.submit(shown_to_work, attack) for attack in chosen}
        pool.shutdown(cancel_futures=True)


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

"""What is said where the sandbox `user` cannot be had; needs none."""

import pytest

from autograder.box import user
from autograder.box.user import UserSandbox


@pytest.fixture(autouse=True)
def ask_again(monkeypatch):
    user._probe.cache_clear()
    user._first_user.cache_clear()
    monkeypatch.setattr(user.os, "geteuid", lambda: 0)
    yield
    user._probe.cache_clear()
    user._first_user.cache_clear()


def test_another_system(monkeypatch):
    monkeypatch.setattr(user.sys, "platform", "darwin")
    assert "Linux" in UserSandbox().available()


def test_an_ordinary_user(monkeypatch):
    monkeypatch.setattr(user.os, "geteuid", lambda: 1000)
    assert "root" in UserSandbox().available()


def test_a_container_without_capabilities(monkeypatch):
    monkeypatch.setattr(user, "_capabilities", lambda: 0xA80425FB & ~(1 << 7 | 1 << 5))
    assert UserSandbox().available().endswith("--cap-add KILL --cap-add SETUID")


def test_a_container_that_knows_one_user(monkeypatch):
    monkeypatch.setattr(user, "_missing", lambda: "")
    monkeypatch.setattr(user, "_end_of_users", lambda table: 1)
    assert "65536" in UserSandbox().available()


def test_a_container_that_knows_few_users(monkeypatch):
    monkeypatch.setattr(user, "_end_of_users", lambda table: 65536)
    assert 1000 < user._first_user() < 65536 - user._RANGE


def test_users_of_one_container_are_not_those_of_another(monkeypatch):
    monkeypatch.setattr(user, "_end_of_users", lambda table: 2**32 - 1)
    first = []
    for space in (4026531836, 4026532200):
        user._first_user.cache_clear()
        monkeypatch.setattr(user, "_pid_namespace", lambda space=space: space)
        first.append(user._first_user())
    assert abs(first[0] - first[1]) >= user._RANGE

from autograder.box import wall
from autograder.box.wall import Wall


def test_every_switch_is_on():
    assert {value for value in vars(Wall()).values() if isinstance(value, bool)} == {True}


def test_the_driver_becomes_the_user_of_its_box():
    assert Wall().inside(200_003)["uid"] == 200_003
    assert Wall(unique_uid=False).inside(200_003)["uid"] is None
    assert Wall().inside(None)["uid"] is None


def test_an_old_kernel_counts_the_users_other_processes(monkeypatch):
    monkeypatch.setattr(wall, "_kernel", lambda: (5, 10))
    assert Wall().inside(None)["processes"] > Wall().processes
    assert Wall().inside(200_003)["processes"] == Wall().processes
    monkeypatch.setattr(wall, "_kernel", lambda: (5, 14))
    assert Wall().inside(None)["processes"] == Wall().processes

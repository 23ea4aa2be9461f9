import os
import struct

import pytest

from autograder.box import wipe


@pytest.fixture
def full(tmp_path):
    folder = tmp_path / "full"
    folder.mkdir()
    return folder


def test_files_folders_links_and_odd_names(full, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("kept")
    (full / "a" / "b").mkdir(parents=True)
    (full / "a" / "b" / "file").write_text("x")
    (full / "link").symlink_to(outside)
    (full / "folder_link").symlink_to(tmp_path)
    os.mkfifo(full / "a" / "pipe")
    (full / "-rf\n").write_text("x")
    (full / os.fsdecode(b"\xff\xfe")).touch()
    wipe.empty(str(full))
    assert not any(full.iterdir())
    assert outside.read_text() == "kept"


def test_folders_that_cannot_be_entered(full):
    (full / "a" / "b" / "c").mkdir(parents=True)
    (full / "a" / "b" / "c").chmod(0)
    (full / "a" / "b").chmod(0)
    (full / "a").chmod(0)
    wipe.empty(str(full))
    assert not any(full.iterdir())


def test_thousands_deep(full):
    at = os.open(full, os.O_RDONLY)
    for _ in range(5000):
        os.mkdir("d", dir_fd=at)
        deeper = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = deeper
    os.close(at)
    wipe.empty(str(full))
    assert not any(full.iterdir())


def test_the_folder_itself_is_open_to_all_again(full):
    full.chmod(0)
    wipe.empty(str(full))
    assert full.stat().st_mode & 0o7777 == 0o1777


def test_the_folder_itself_is_as_its_owner_wants_it(full):
    full.chmod(0)
    wipe.empty(str(full), 0o770)
    assert full.stat().st_mode & 0o7777 == 0o770


def test_what_is_written_on_the_folder_itself(full):
    os.utime(full, ns=(12345, 67890))
    default_acl = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, 0, 0xFFFFFFFF) for tag in (0x01, 0x04, 0x20)
    )
    try:
        os.setxattr(full, "user.note", b"for the next call")
        os.setxattr(full, "system.posix_acl_default", default_acl)
    except OSError as error:
        pytest.skip(f"no attributes here: {error}")
    wipe.empty(str(full))
    assert not {"user.note", "system.posix_acl_default"} & set(os.listxattr(full))
    assert full.stat().st_mtime_ns != 67890


def test_what_cannot_be_removed_is_an_error(full, monkeypatch):
    (full / "file").write_text("x")

    def refuse(*args, **kwargs):
        raise PermissionError("immutable")

    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(OSError, match="immutable"):
        wipe.empty(str(full))

"""Empties a folder that hostile code has filled. Runs inside the box: imports nothing of ours."""

import os
import stat
from pathlib import Path


def empty(folder: str, mode: int = 0o1777) -> None:
    """Remove everything in `folder`, and whatever was written on the folder itself: `mode` is new.

    Modes, names and depth do not matter; there is no recursion.

    Nothing else may run as this user meanwhile. Folders inside are moved up before their parent is
    removed, so that no path grows and each is moved once.

    Raises:
        OSError: something cannot be removed.
    """
    if Path(folder).stat().st_uid == os.geteuid():
        Path(folder).chmod(mode)
        _forget_notes(folder)
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        moved = 0
        prefix = os.urandom(8).hex()  # a name that nothing in there can have taken
        while names := os.listdir(top):  # noqa: PTH208
            for name in names:
                moved = _remove(top, name, prefix, moved)
    finally:
        os.close(top)


def _forget_notes(folder: str) -> None:
    """Remove what the owner of `folder` may have written on it: attributes, access lists, times."""
    if hasattr(os, "listxattr"):
        for name in os.listxattr(folder):
            if name.startswith(("user.", "system.posix_acl_")):  # others are the machine's
                os.removexattr(folder, name)
    os.utime(folder)


def _remove(top: int, name: str, prefix: str, moved: int) -> int:
    """Remove `name` from `top`; what folders it holds become ``prefix.N`` of `top`."""
    if not _is_folder(top, name):
        os.unlink(name, dir_fd=top)
        return moved
    os.chmod(name, 0o700, dir_fd=top)
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for child in os.listdir(inner):  # noqa: PTH208
            if _is_folder(inner, child):
                os.chmod(child, 0o700, dir_fd=inner)
                moved += 1
                os.rename(child, f"{prefix}.{moved}", src_dir_fd=inner, dst_dir_fd=top)
            else:
                os.unlink(child, dir_fd=inner)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=top)
    return moved


def _is_folder(parent: int, name: str) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)

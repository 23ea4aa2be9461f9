"""The course's secret, and what is derived from it: the seeds of hidden tests."""

import hmac
import os
import secrets
from pathlib import Path

from autograder.errors import CourseError

_VARIABLE = "AUTOGRADER_SECRET_FILE"
_BYTES = 32
_SHORTEST = 16  # characters; anything shorter is no secret
_OTHERS = 0o077  # what group and world may do


def load_secret(course_id: str, *, create: bool) -> bytes:
    """Return the secret of the course `course_id`; where there is none, `create` one if asked to.

    It lies in the file that AUTOGRADER_SECRET_FILE names, else in the user's configuration folder.
    A file that was named is taken as its owner keeps it, since secrets that a container mounts
    are readable to all of its users.

    Raises:
        CourseError: there is none, it is too short, or others can read the one we created.
    """
    path = secret_path(course_id)
    if create and not path.exists():
        _create(path)
    secret = _read(path, ours=not os.environ.get(_VARIABLE))
    if len(secret) < _SHORTEST:
        hint = f"write at least {_SHORTEST} random characters"
        raise CourseError.at(path, 1, f"this secret is too short; {hint}")
    return secret


def secret_path(course_id: str) -> Path:
    """Return where the secret of the course `course_id` lies, whether it exists or not."""
    if named := os.environ.get(_VARIABLE):
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser().absolute() / "autograder" / f"{course_id}.secret"


def seed_epoch(secret: bytes) -> str:
    """Return 8 hex digits that name `secret` without telling it."""
    return _keyed(secret, b"epoch").hex()[:8]


def seed(secret: bytes, lab: str, test_id: str) -> int:
    """Return the seed (128 bits) of the test `test_id` of `lab`."""
    return int.from_bytes(_keyed(secret, f"{lab}\0{test_id}".encode())[:16])


def derived(secret: bytes, purpose: str) -> bytes:
    """Return a secret (hex digits) for one `purpose`; nobody learns `secret` or another from it."""
    return _keyed(secret, f"derived\0{purpose}".encode()).hex().encode()


def _keyed(secret: bytes, message: bytes) -> bytes:
    return hmac.digest(secret, message, "sha256")


def _create(path: Path) -> None:
    """Write a new secret, whole or not at all, unless another process was first."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
        _publish(draft, path)
    except OSError as error:
        hint = f"make the folder writable, or name another file with {_VARIABLE}"
        message = f"the secret cannot be created ({error.strerror}); {hint}"
        raise CourseError.at(path, 1, message) from None


def _publish(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)  # unlike a rename, it never replaces what another process wrote
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read(path: Path, *, ours: bool) -> bytes:
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except FileNotFoundError:
        hint = f"the first `grade` creates it, or name its file with {_VARIABLE}"
        raise CourseError.at(path, 1, f"there is no secret yet; {hint}") from None
    except OSError as error:
        hint = "make it a file that only you can read"
        raise CourseError.at(path, 1, f"cannot be read ({error.strerror}); {hint}") from None
    if ours and mode & _OTHERS:
        message = f"others can read this secret (mode {mode & 0o777:o}); run: chmod 600 {path}"
        raise CourseError.at(path, 1, message)
    return data.strip()

"""From the paths on a command line to attempts: who handed in what."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from autograder.errors import InboxError
from autograder.inbox.archive import read_archive
from autograder.inbox.folder import first_files, has_match, read_folder
from autograder.inbox.limits import Refused
from autograder.inbox.names import is_junk, shown, student_of
from autograder.model import Attempt, Lab, digest_of

_A_PATH = (
    "name a student's folder or .zip, or a folder that holds one folder or .zip for each student"
)
_NAMED = 5  # files that a reason lists


class _Place(NamedTuple):
    """Where one submission is."""

    path: Path
    zipped: bool
    linked: bool = False  # a symbolic link, which is not followed


def collect(
    lab: Lab,
    paths: Sequence[Path],
    *,
    now: datetime,
    submitted_at: datetime | None = None,
    times: Mapping[Path, datetime] = MappingProxyType({}),
) -> list[Attempt]:
    """Return an attempt for every submission that `paths` name; later ones of a student follow.

    A submission that cannot be accepted has the reason in `rejected`, and no files. The time of
    hand-in is `submitted_at`, else what `times` says of its path, else `now`, marked as assumed.
    All have a time zone.

    Raises:
        InboxError: a path does not exist, cannot be opened, or is neither submission nor batch.
    """
    places: dict[Path, _Place] = {}
    for path in paths:
        for place in _places(lab, _absolute(path), alone=len(paths) == 1):
            places.setdefault(place.path, place)
    known = {path: submitted_at or times.get(path) for path in places}
    return [
        _attempt(lab, place, now, known[path], _student_name(lab, place))
        for path, place in places.items()
    ]


def take(
    lab: Lab, path: Path, *, student: str, now: datetime, submitted_at: datetime | None = None
) -> Attempt:
    """Return `path`, a folder or zip, as one attempt of `student`, whatever it is called.

    As `collect`, for where an LMS says whose it is; it never becomes several submissions.
    """
    place = _Place(_absolute(path), _is_zip(path), linked=path.is_symlink())
    return _attempt(lab, place, now, submitted_at, student)


def _absolute(path: Path) -> Path:
    # Not resolve(): whether the path itself is a link must still be seen.
    return Path(os.path.normpath(path.absolute()))


def _places(lab: Lab, path: Path, *, alone: bool) -> list[_Place]:
    """Return the submissions at one named path."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return [_Place(path, _is_zip(path), linked=True)]
        if stat.S_ISDIR(mode):
            return _folder_places(lab, path, alone)
        if _is_zip(path) and stat.S_ISREG(mode):
            path.open("rb").close()
            return [_Place(path, zipped=True)]
    except OSError as error:
        raise InboxError(f"{path}: {error.strerror}; {_A_PATH}") from None
    raise InboxError(f"{path} is neither a folder nor a .zip; {_A_PATH}")


def _folder_places(lab: Lab, path: Path, alone: bool) -> list[_Place]:
    os.scandir(path).close()  # a folder that nobody may list is the command line's problem
    if _is_submission(lab, path):
        return [_Place(path, zipped=False)]
    children = sorted(_children(path), key=lambda place: place.path.name)
    if children:
        return children
    if alone:
        raise InboxError(
            f"{path} holds neither files of {lab.id} ({_either(lab.files)}) nor any submission; "
            f"{_A_PATH}"
        )
    # Named along with others, as by `submissions/*`: a student who handed in nothing of use.
    return [_Place(path, zipped=False)]


def _is_submission(lab: Lab, folder: Path) -> bool:
    try:
        return _root(lab, folder) is not None
    except (Refused, OSError):
        return True  # what is wrong with it comes up again, as its reason, when it is read


def _root(lab: Lab, folder: Path) -> Path | None:
    """Return the folder that the lab's patterns mean: `folder` or its `<lab>/`, if any."""
    if has_match(folder, lab.files):
        return folder
    inner = folder / lab.id
    if inner.is_symlink():
        raise Refused(f"{shown(lab.id)} is a symbolic link; hand in the folder itself")
    return inner if inner.is_dir() and has_match(inner, lab.files) else None


def _children(folder: Path) -> Iterator[_Place]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path, zipped = folder / entry.name, _is_zip(Path(entry.name))
            if is_junk(entry.name):
                continue
            if entry.is_symlink():
                if zipped or entry.is_dir() or not path.exists():
                    yield _Place(path, zipped, linked=True)
            elif entry.is_dir() or zipped:
                yield _Place(path, zipped and not entry.is_dir())


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _attempt(
    lab: Lab, place: _Place, now: datetime, submitted_at: datetime | None, name: str
) -> Attempt:
    student, problem = student_of(name)
    files: Mapping[str, bytes] = {}
    if problem is None:
        try:
            files = _read(lab, place)
        except Refused as refusal:
            problem = str(refusal)
        except OSError as error:
            problem = f"cannot be read ({error.strerror}); make its files readable"
    return Attempt(
        student=student,
        lab=lab.id,
        source=os.fsencode(place.path).decode("utf-8", "backslashreplace"),
        submitted_at=submitted_at or now,
        assumed=submitted_at is None,
        digest=digest_of(files),
        files=files,
        rejected=problem,
    )


def _student_name(lab: Lab, place: _Place) -> str:
    name = place.path.stem if _is_zip(place.path) else place.path.name
    return place.path.parent.name if name == lab.id else name


def _read(lab: Lab, place: _Place) -> Mapping[str, bytes]:
    if place.linked:
        raise Refused("a symbolic link; name the folder or zip that it points to")
    if place.zipped:
        contents = read_archive(place.path, lab.files, lab.id)
        return _unless_wrong(lab, contents.files, contents.others)
    root = _root(lab, place.path)
    files = read_folder(root, lab.files) if root else {}
    return _unless_wrong(lab, files, [] if files else first_files(place.path, _NAMED + 1))


def _unless_wrong(
    lab: Lab, files: Mapping[str, bytes], others: Sequence[str]
) -> Mapping[str, bytes]:
    if files or not others:
        return files
    found = ", ".join(shown(name) for name in others[:_NAMED])
    more = " and others" if len(others) > _NAMED else ""
    raise Refused(f"wrong files: expected {_either(lab.files)}, found {found}{more}")


def _either(patterns: Sequence[str]) -> str:
    return " or ".join(patterns)

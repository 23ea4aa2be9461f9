"""Reading files and folders that authors wrote, with errors that say what to do."""

from pathlib import Path, PurePosixPath

from autograder.errors import CourseError

TOUR = "tour.py"  # of a solution: the text of the lab's notebook


def read_bytes(path: Path) -> bytes:
    """Return what is in `path`. Raises CourseError where it cannot be read."""
    if path.is_dir():
        raise CourseError.at(path, 1, "this is a folder where a file should be; move it away")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CourseError.at(path, 1, "there is no such file; write it") from None
    except OSError as error:
        raise CourseError.at(path, 1, f"cannot be read ({error.strerror})") from None


def decode(data: bytes, path: Path) -> str:
    """Return `data`, the content of `path`, as text. Raises CourseError where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CourseError.at(path, line, "this is not UTF-8; save the file as UTF-8") from None


def read_text(path: Path) -> str:
    """Return the text in `path`, line ends as they are. Raises CourseError where there is none."""
    return decode(read_bytes(path), path)


def files_under(folder: Path) -> dict[PurePosixPath, Path]:
    """Return the files under `folder` by relative name, sorted, without what tools leave."""
    found = {
        PurePosixPath(path.relative_to(folder).as_posix()): path
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {name: found[name] for name in sorted(found) if not _leftover(name)}


def solution_files(folder: Path) -> dict[PurePosixPath, Path]:
    """Return the files of the solution in `folder`: all but the text of its notebook."""
    found = files_under(folder)
    found.pop(PurePosixPath(TOUR), None)
    return found


def _leftover(name: PurePosixPath) -> bool:
    """Whether `name` is what tools leave behind, not what someone wrote."""
    return name.suffix == ".pyc" or any(p == "__pycache__" or p[0] == "." for p in name.parts)

"""What students receive: the solution without its regions, the handout, the public tests."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.course.changelog import check_changelog
from autograder.course.desk_file import NAME as DESK_FILE
from autograder.course.desk_file import desk_file
from autograder.course.leaks import refuse_leaks
from autograder.course.load import load_lab
from autograder.course.pins import read_pins
from autograder.course.probes import read_probes
from autograder.course.regions import Region, find_regions
from autograder.course.strip import strip
from autograder.course.tour import notebook
from autograder.course.tree import TOUR, decode, files_under, read_bytes, solution_files
from autograder.errors import CourseError
from autograder.model import Lab


def build(root: Path, lab_id: str) -> dict[PurePosixPath, bytes]:
    """Return what ``starter/<lab_id>`` must hold: content by relative name, sorted.

    Raises:
        CourseError: a mistake in the lab, in a region's markers, or the solution would leak.
    """
    return _build(load_lab(root, lab_id))


def write_starter(root: Path, lab_id: str) -> list[str]:
    """Make ``starter/<lab_id>`` what it must be; return the names written or removed."""
    lab = load_lab(root, lab_id)
    wanted = _build(lab)
    stale = _differences(lab, wanted)
    for name in map(PurePosixPath, stale):
        path = lab.starter / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
        else:
            path.unlink()
            _drop_empty(path.parent, lab.starter)
    return stale


def check_starter(root: Path, lab_id: str) -> list[str]:
    """Return the names in ``starter/<lab_id>`` that are missing, differ, or should not be there."""
    lab = load_lab(root, lab_id)
    return _differences(lab, _build(lab))


def _differences(lab: Lab, wanted: Mapping[PurePosixPath, bytes]) -> list[str]:
    there = files_under(lab.starter)
    stale = {name for name in wanted if name not in there}
    stale |= {name for name, path in there.items() if wanted.get(name) != path.read_bytes()}
    return [str(name) for name in sorted(stale)]


def _drop_empty(folder: Path, top: Path) -> None:
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _build(lab: Lab) -> dict[PurePosixPath, bytes]:
    files = _given(lab)
    solved: list[tuple[Path, Region]] = []
    for name, path in solution_files(lab.solution).items():
        if name in files or name.parts[0] == "tests":
            message = f"{name} is the name of a file that every starter has; rename yours"
            raise CourseError.at(path, 1, message)
        files[name], regions = _stripped(path)
        solved += [(path, region) for region in regions]
    if not solved:
        message = "the solution has no region, so students would get all of it; mark what is theirs"
        raise CourseError.at(lab.solution, 1, f"{message} with BEGIN SOLUTION and END SOLUTION")
    refuse_leaks(files, solved)
    return {name: files[name] for name in sorted(files)}


def _stripped(path: Path) -> tuple[bytes, list[Region]]:
    data = read_bytes(path)
    if b"SOLUTION" not in data and path.suffix != ".py":
        return data, []  # data of any kind goes out as it is
    source = decode(data, path).replace("\r\n", "\n")
    return strip(source, path).encode(), find_regions(source, path)


def goes_along(lab: Lab) -> dict[str, Path]:
    """Return what goes along where there is one, by the name students see; a release has all."""
    here, course = lab.path, lab.path.parent
    return {
        "AI_POLICY.md": here / "AI_POLICY.md",
        "CHANGELOG.md": here / "CHANGELOG.md",
        "requirements.txt": course / "requirements.txt",
    }


def _given(lab: Lab) -> dict[PurePosixPath, bytes]:
    """What students get besides the solution's files: handout, figures, probes, public tests."""
    handout = read_bytes(lab.path / "README.md")
    files = {
        PurePosixPath("README.md"): handout,
        PurePosixPath(DESK_FILE): desk_file(lab),
    }
    files |= {PurePosixPath(name): source for name, source in read_probes(lab).items()}
    files |= _along(lab)
    if (tour := lab.solution / TOUR).exists():
        files[PurePosixPath(f"{lab.id}.ipynb")] = notebook(lab, tour)
    for name, path in files_under(lab.path / "tests" / "public").items():
        files["tests" / name] = read_bytes(path)
    for name, path in files_under(lab.path / "figures").items():
        if f"figures/{name}".encode() in handout:
            files["figures" / name] = read_bytes(path)
    return files


def _along(lab: Lab) -> dict[PurePosixPath, bytes]:
    """The policy on AI tools, the changelog and the pinned packages, checked."""
    paths = goes_along(lab)
    files = {name: read_bytes(path) for name, path in paths.items() if path.exists()}
    if "CHANGELOG.md" in files:
        check_changelog(files["CHANGELOG.md"], paths["CHANGELOG.md"], lab.version)
    if "requirements.txt" in files:
        read_pins(files["requirements.txt"], paths["requirements.txt"])
    return {PurePosixPath(name): data for name, data in files.items()}

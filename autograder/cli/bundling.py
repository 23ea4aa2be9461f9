"""The work behind `bundle gradescope`: a zip that makes Gradescope run our judge."""

import sys
from importlib import resources
from pathlib import Path, PurePosixPath

import autograder
from autograder.cli.output import people
from autograder.cli.pinning import installed, pinned
from autograder.cli.zipping import write_zip
from autograder.course import find_course, load_course, load_lab
from autograder.course.parts import judging_files
from autograder.course.pins import read_pins
from autograder.course.secret import derived, load_secret
from autograder.course.tree import files_under
from autograder.errors import UsageError
from autograder.model import Lab

_SCRIPTS = ("setup.sh", "run_autograder")
_PACKAGES = ("autograder", "labkit")
_SAID = """\
{target}: {lab} {version}, {count} files.
Confidential: it holds hidden tests, the solution and a secret. Upload it to Gradescope,
and give it to nobody.
"""


def bundle_gradescope(course: Path | None, lab: str, target: Path) -> None:
    """Write the zip that Gradescope builds its autograder of `lab` from.

    Raises:
        UsageError: `target` exists already, or cannot be written.
        CourseError: a mistake in the course.
        InfraError: the versions of what is installed here cannot be told.
    """
    if target.exists():
        raise UsageError(f"{target} exists; name a new zip with --to")
    root = find_course(course)
    loaded = load_lab(root, lab)
    secret = load_secret(load_course(root).id, create=True)
    files = {PurePosixPath("secret"): derived(secret, f"gradescope {lab}") + b"\n"}
    files |= {PurePosixPath(name): _script(name, loaded) for name in _SCRIPTS}
    files |= {PurePosixPath("requirements.txt"): _requirements(root, loaded)}
    files |= {"course" / name: data for name, data in judging_files(root, loaded).items()}
    files |= _packages()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_zip(target, files, programs=_SCRIPTS)
        target.chmod(0o600)
    except OSError as error:
        where = f"{error.filename}: {error.strerror}"
        raise UsageError(f"{target} cannot be written ({where})") from error
    said = _SAID.format(target=target, lab=lab, version=loaded.version, count=len(files))
    people(None).print(said.rstrip(), markup=False, soft_wrap=True)


def _script(name: str, lab: Lab) -> bytes:
    text = (resources.files("autograder.cli") / "gradescope" / name).read_text()
    words = {
        "LAB": lab.id,
        "PYTHON": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "COMPILERS": " ".join(lab.compilers),
    }
    for word, meaning in words.items():
        text = text.replace(f"@{word}@", meaning)
    return text.encode()


def _requirements(root: Path, lab: Lab) -> bytes:
    """What students install, to their version; whatever else the judge needs, to ours."""
    given = root / "labs" / "requirements.txt"
    firm = read_pins(given.read_bytes(), given) if given.exists() else {}
    return pinned(installed(lab.packages, extra="grader"), firm)


def _packages() -> dict[PurePosixPath, bytes]:
    """Our own code as it runs here: a checkout and an installed wheel give the same."""
    site = Path(autograder.__file__).parents[1]
    return {
        PurePosixPath("packages", package, name): path.read_bytes()
        for package in _PACKAGES
        for name, path in files_under(site / package).items()
    }

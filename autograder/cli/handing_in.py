"""The work behind `submit`: a zip of what a lab takes, a receipt, and nbgrader's exchange."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from autograder.cli.output import people, write_json
from autograder.cli.zipping import write_zip
from autograder.course.desk_file import NAME, DeskFile, read_desk_file
from autograder.errors import InfraError, UsageError
from autograder.inbox.folder import read_folder
from autograder.inbox.limits import Refused
from autograder.model import digest_of
from autograder.nbgrader.exchange import find_exchange, hand_in

_RECEIPT = """\
Receipt of {zip}
lab: {lab} {version}
packed: {time}
digest: {digest}
files:
{files}

The digest is that of the files themselves: your report names it too. Keep this file and the zip.
"""


def pack(folder: Path, target: Path, json_target: str | None) -> None:
    """Write ``<lab>-<time>.zip`` and its receipt, of the lab in `folder`, to the folder `target`.

    Where nbgrader's exchange takes the lab, the same files are handed in there.

    Raises:
        InfraError: the exchange did not take them; zip and receipt are written.
        UsageError: there is nothing to hand in, or no place to write to.
    """
    lab = read_desk_file(folder)
    files = _files(folder, lab)
    now = datetime.now().astimezone()
    archive = target / f"{lab.id}-{now:%Y%m%dT%H%M%S}.zip"
    document = _told(lab, archive, now, files)
    receipt = archive.with_suffix(".txt")
    try:
        write_zip(archive, {PurePosixPath(name): data for name, data in files.items()})
        receipt.write_text(_RECEIPT.format(**document | {"files": _listed(files)}), "utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}; name a folder with --to") from error
    said = f"{archive}: {len(files)} files, {document['digest']}\nKeep the receipt: {receipt}"
    people(json_target).print(said, markup=False, soft_wrap=True)
    document |= {"receipt": str(receipt)}
    try:
        document |= _exchanged(folder, lab.id, files, json_target)
    except InfraError as error:
        write_json(json_target, document)
        hint = "The zip is written: try again, or hand it in another way."
        raise InfraError(f"NOT handed in to nbgrader's exchange. {error}\n{hint}") from error
    write_json(json_target, document)


def _exchanged(
    folder: Path, lab: str, files: Mapping[str, bytes], json_target: str | None
) -> dict[str, object]:
    """Hand `files` in where nbgrader's exchange takes them; return what the JSON says of it."""
    exchange = find_exchange(folder)
    if exchange is None:
        return {}
    taken = exchange.takes(lab) and hand_in(exchange, lab, files, folder)
    if taken:
        said = "Handed in to course {course} at {time}".format(**taken)
    else:
        said = f"Not handed in to course {exchange.course}: {exchange.root} holds no {lab}. "
        said += "Hand the zip in as your course says."
    people(json_target).print(said, markup=False, soft_wrap=True)
    return {"exchange": taken} if taken else {}


def _files(folder: Path, lab: DeskFile) -> dict[str, bytes]:
    if not lab.files:
        message = f"{folder / NAME} does not say which files are handed in"
        raise UsageError(f"{message}; take {NAME} from the lab as you received it")
    try:
        files = read_folder(folder, lab.files)
    except Refused as refused:
        raise UsageError(f"{folder}: {refused}") from None
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    if not files:
        raise UsageError(f"{folder} holds nothing that the lab takes: {', '.join(lab.files)}")
    return files


def _told(
    lab: DeskFile, archive: Path, now: datetime, files: Mapping[str, bytes]
) -> dict[str, object]:
    return {
        "schema": 1,
        "lab": lab.id,
        "version": lab.version,
        "time": now.isoformat(timespec="seconds"),
        "zip": str(archive),
        "digest": digest_of(files),
        "files": sorted(files),
    }


def _listed(files: Mapping[str, bytes]) -> str:
    return "\n".join(f"  {name} ({len(files[name])} bytes)" for name in sorted(files))

"""Unpacks whatever was handed in, wherever it says it belongs."""

import zipfile
from pathlib import Path

from tests.attacks.weakened.process import Fallen, Verdict

_DISK = 50 << 20  # bytes that a submission may fill


def unzipping(work: Path) -> Verdict:
    """Unpacks an archive by its members' names, whatever they are and however large."""
    while archives := list((work / "run").glob("*.zip")):
        with zipfile.ZipFile(archives[0]) as opened:
            for member in opened.infolist():
                _unpack(opened, member, work / "run" / member.filename)
        archives[0].unlink()
    if sum(path.stat().st_size for path in (work / "run").rglob("*")) > _DISK:
        raise Fallen
    return Verdict(0.0)


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    data = opened.read(member)
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.external_attr >> 28 == 0xA:
        target.symlink_to(data.decode())
    else:
        target.write_bytes(data)

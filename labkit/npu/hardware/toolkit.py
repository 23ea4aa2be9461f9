"""The vendor's compiler: where it is, how it is called, what it says. Not run on hardware.

Source: the asc-devkit documentation, "bisheng" (``-shared -fPIC --npu-arch``), CANN 9.x.
"""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from labkit.npu.errors import BuildError, Mistake
from labkit.npu.hardware.problems import NoToolkit

SECONDS = 120.0  # of one build
_HOMES = ("ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME")
_ARCHITECTURES = {
    "910B1": "dav-2201",
    "910B2": "dav-2201",
    "910B3": "dav-2201",
    "910B4": "dav-2201",
}
_SAID = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?:fatal )?error: (?P<text>.+)$", re.M)


def compiler() -> str:
    """Return the path of bisheng.

    Raises:
        NoToolkit: it is not there.
    """
    homes = [Path(home) for home in map(os.environ.get, _HOMES) if home]
    places = [str(home / part) for home in homes for part in ("bin", "compiler/ccec_compiler/bin")]
    found = shutil.which("bisheng", path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if found is None:
        raise NoToolkit(
            "there is no bisheng: install the CANN toolkit and source its set_env.sh, or use the "
            "image runner-ascend"
        )
    return found


def command(source: Path, target: Path, soc: str) -> list[str]:
    """Return the command line that builds `source` as a shared library.

    Raises:
        NoToolkit: bisheng is not there, or `soc` is none that it is known to build for.
    """
    if soc not in _ARCHITECTURES:
        raise NoToolkit(f"kernels are not built for {soc}; known: {', '.join(_ARCHITECTURES)}")
    architecture = f"--npu-arch={_ARCHITECTURES[soc]}"
    return [compiler(), "-shared", "-fPIC", "-O2", str(source), "-o", str(target), architecture]


def refused(said: str, names: Sequence[str]) -> BuildError:
    """Return what bisheng `said` as the error of a build; `names` are the student's files."""
    found = [
        Mistake(Path(match["file"]).name, int(match["line"]), match["text"])
        for match in _SAID.finditer(said)
        if Path(match["file"]).name in names
    ]
    last = said.strip().splitlines()[-1:] or ["bisheng said nothing"]
    return BuildError(found or [Mistake(names[0], 0, last[0])])

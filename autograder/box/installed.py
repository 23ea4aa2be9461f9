"""What of this machine decides a result, where boxes show its own Python and packages."""

import platform
from importlib import metadata

from autograder.box import compilers
from autograder.errors import InfraError
from autograder.model import Needs


def versions(needs: Needs) -> dict[str, str]:
    """Return the versions of Python, of what a box holds, of the machine and its C library.

    The C library is that of `math.exp` and its like. The kernel of the system decides no value.

    Raises:
        InfraError: a package, or a compiler, is not installed.
    """
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in needs.packages},
        **compilers.versions(needs.compilers),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip() or platform.system(),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        raise InfraError(
            f"the package {package!r} is not installed: pip install {package}"
        ) from None

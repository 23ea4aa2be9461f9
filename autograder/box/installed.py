"""What of this machine decides a result, where boxes show its own Python and packages."""

import platform
from collections.abc import Iterable
from importlib import metadata

from autograder.errors import InfraError


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and `packages`, and the machine's architecture and C library.

    The C library is that of `math.exp` and its like. The kernel of the system decides no value.

    Raises:
        InfraError: a package is not installed.
    """
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in packages},
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

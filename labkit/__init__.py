"""What lab code may import in every box: virtual devices, as later labs bring them.

In a notebook, ``%load_ext labkit`` adds ``%check`` and ``%submit``.
"""

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Add the magics to an IPython `shell`; IPython calls this for ``%load_ext labkit``."""
    from labkit.notebook.magics import add_to  # not in a box: there is no IPython

    add_to(shell)

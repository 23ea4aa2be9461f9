"""Where nbgrader finds the programs that it calls by name: alembic, for one."""

import os
import sys
from pathlib import Path


def path_with_scripts() -> str:
    """Return PATH with the folder of this Python's programs before all others."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

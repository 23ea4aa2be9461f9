"""The driver's entry point: ``python -I -S driver.py LINK``.

LINK is the number of a connected socket's descriptor, or those of two pipes as ``IN,OUT``.
"""

import sys
from pathlib import Path

_HERE = str(Path(__file__).parents[2])

if __name__ == "__main__":
    # -I and -S leave nothing of ours to import from; student code gets no such entry.
    sys.path.insert(0, _HERE)
    from autograder.box import serving

    sys.path.remove(_HERE)
    serving.main([int(end) for end in sys.argv[1].split(",")])

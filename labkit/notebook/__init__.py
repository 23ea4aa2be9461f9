"""Pictures for notebooks, in the colours of the theme around them.

``lines`` and ``bars`` draw numbers, ``graph`` and ``flow`` what an autograd engine recorded;
`Picture` is what they, and the pictures of later labs, are made of.
"""

from labkit.notebook.chart import bars, lines
from labkit.notebook.graph import flow, graph
from labkit.notebook.picture import Picture

__all__ = ["Picture", "bars", "flow", "graph", "lines"]

"""The server's side of the course's panel in JupyterLab: finds labs, runs public tests, packs.

It does for a browser what `%check` and `%submit` do for a notebook, and nothing else.
"""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "labkit.panel"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the panel's addresses to a Jupyter server; the server calls this."""
    from labkit.panel.handlers import add_to  # not in a box: there is no server

    add_to(app.web_app, app.root_dir)

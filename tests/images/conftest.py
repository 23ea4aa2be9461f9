"""Tests of images skip, and say why, where there is no engine or an image is not built."""

import pytest

from tests.images.engine import missing


@pytest.fixture
def built():
    """Return a function that skips the test unless an image is there."""

    def need(image: str | None = None) -> None:
        if reason := missing(image):
            pytest.skip(reason)

    return need

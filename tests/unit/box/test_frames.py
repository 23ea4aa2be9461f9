import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.box.frames import HEADER, Frame, Kind, Splitter, pack
from autograder.box.plain import MAX_BYTES, WireError

FRAMES = st.lists(
    st.builds(Frame, st.integers(0, 2**32 - 1), st.sampled_from(Kind), st.binary(max_size=20))
)


@settings(max_examples=100, deadline=None)
@given(FRAMES, st.integers(1, 50))
def test_frames_come_out_whole_however_they_arrive(frames, piece):
    data = b"".join(map(pack, frames))
    splitter = Splitter()
    found = []
    for at in range(0, len(data), piece):
        found += splitter.feed(data[at : at + piece])
    assert found == frames


@pytest.mark.parametrize(
    "head",
    [HEADER.pack(MAX_BYTES + 1, 0, Kind.CALL), HEADER.pack(0, 0, 0), HEADER.pack(0, 0, 200)],
    ids=["too large", "kind 0", "kind 200"],
)
def test_what_is_no_frame_is_refused_before_it_is_collected(head):
    with pytest.raises(WireError):
        Splitter().feed(head)


def test_a_frame_that_is_too_large_is_not_made():
    with pytest.raises(WireError, match="64 MiB"):
        pack(Frame(0, Kind.DATA, bytes(MAX_BYTES + 1)))

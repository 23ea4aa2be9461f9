import math
import struct
import tracemalloc
from contextlib import suppress

import hypothesis.strategies as st
import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

from autograder.box import wire
from autograder.box.plain import DTYPES

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_plain_data_comes_out_as_it_went_in(value):
    assert same(wire.decode(wire.encode(value)), value)


@settings(max_examples=100, deadline=None)
@given(PLAIN)
def test_without_arrays_it_is_msgpack(value):
    assert same(msgpack.unpackb(wire.encode(value), strict_map_key=False), value)
    assert same(wire.decode(msgpack.packb(value)), value)


@settings(max_examples=100, deadline=None)
@given(ARRAYS)
def test_arrays_keep_dtype_shape_and_every_bit(array):
    got = wire.decode(wire.encode([array]))[0]
    assert same(got, array)
    assert got.flags.owndata and got.flags.writeable and got.flags.c_contiguous


@pytest.mark.parametrize(
    "array",
    [np.arange(6).reshape(2, 3).T, np.arange(9)[::-2], np.arange(3, dtype=">i4"), np.array(1.5)],
    ids=["transposed", "strided", "big-endian", "no dimensions"],
)
def test_memory_order_does_not_travel(array):
    got = wire.decode(wire.encode(array))
    np.testing.assert_array_equal(got, array)
    assert got.dtype.isnative


def test_a_tuple_arrives_as_a_list_and_a_numpy_scalar_as_an_array():
    assert wire.decode(wire.encode((1, (2,)))) == [1, [2]]
    got = wire.decode(wire.encode(np.float32(1.5)))
    assert got.shape == () and got.dtype == np.float32 and got == 1.5


class Tensor:
    pass


class Sly(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class SlyArray(np.ndarray):
    pass


class SlyScalar(np.float64):
    pass


def nest(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


CYCLE = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"grads": [1, Tensor()]}, 'value["grads"][1]: a Tensor is not plain data'),
        ([[Sly(1)]], "value[0][0]: a Sly is not plain data"),
        ({"3": SlyScalar(1)}, 'value["3"]: a SlyScalar is not plain data'),
        (np.zeros(2).view(SlyArray), "value: a SlyArray is not plain data"),
        (np.ma.array([1]), "value: a MaskedArray is not plain data"),
        (np.array([None]), "value: an array of dtype object is not plain data"),
        (np.array(["a"]), "value: an array of dtype <U1 is not plain data"),
        (np.zeros(1, "M8[s]"), "value: an array of dtype datetime64[s] is not plain data"),
        (np.zeros(1, "i4,f4"), "is not plain data"),
        (np.longdouble(1), "value: an array of dtype"),
        (2**64, "value: an int of more than 64 bits"),
        (-(2**63) - 1, "value: an int of more than 64 bits"),
        (10**5000, "value: an int of more than 64 bits"),
        ("\ud800", "value: a str with half a surrogate pair"),
        ({"\ud800": 1}, "a str with half a surrogate pair"),
        ({1.5: 2}, "value: a key is a float, not a str"),
        ({1: 2}, "value: a key is a int, not a str"),
        ({1, 2}, "value: a set is not plain data"),
        (bytearray(b"x"), "value: a bytearray is not plain data"),
        (1j, "value: a complex is not plain data"),
        (CYCLE, "nested deeper than 16"),
        (nest(17), "nested deeper than 16"),
        ([0] * (1 << 20), "more than 1048576 values"),
        ([bytes(40 << 20), bytes(40 << 20)], "value[1]: larger than 64 MiB"),
        (np.zeros((9, 1 << 20)), "value: larger than 64 MiB"),
    ],
    ids=lambda each: each if isinstance(each, str) and each.isascii() else "",
)
def test_what_is_not_plain_data_is_refused_by_name(value, message):
    with pytest.raises(wire.WireError) as caught:
        wire.encode(value)
    assert message in str(caught.value)


def test_the_deepest_and_longest_values_travel():
    assert wire.decode(wire.encode(nest(16))) == nest(16)
    many = [0] * ((1 << 20) - 1)
    assert wire.decode(wire.encode(many)) == many


def array_bytes(dtype=11, shape=(1,), body=bytes(8), ndim=None, length=None, kind=1):
    head = bytes([dtype, len(shape) if ndim is None else ndim])
    payload = head + b"".join(struct.pack(">Q", n) for n in shape) + body
    size = len(payload) if length is None else length
    return struct.pack(">BIB", 0xC9, size, kind) + payload


def test_the_arrays_made_here_are_what_the_wire_says():
    assert array_bytes() == wire.encode(np.zeros(1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xca\0\0\0\0",
        b"\xd4\x01\0",
        b"\x00\x00",
        b"\xa2\xc3\x28",
        b"\xa3\xed\xa0\x80",
        b"\x81\xc0\x00",
        b"\x81\x90\x00",
        b"\x82\x01\x01\x01\x02",
        b"\x82\x01\x01\xcc\x01\x02",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\x91" * 17,
        b"\x91" * 100_000,
        b"\xdd\x00\x0f\x00\x00" * 20_000,
        b"\x81\x00" * 100_000,
        array_bytes(dtype=14),
        array_bytes(kind=2),
        array_bytes(kind=255),
        array_bytes(shape=(2,)),
        array_bytes(shape=(1 << 63, 2), body=b""),
        array_bytes(shape=(0, 1 << 63, 1 << 63), body=b""),
        array_bytes(shape=(0, (1 << 64) - 1), body=b""),
        array_bytes(shape=(), body=b""),
        array_bytes(ndim=33),
        array_bytes(ndim=5, body=b""),
        array_bytes(shape=(), body=b"", length=1),
        array_bytes(length=1 << 31),
        array_bytes(dtype=0, shape=(2,), body=b"\x01\x02"),
        array_bytes(shape=(0,) * 33, body=b""),
    ],
    ids=lambda data: data[:12].hex() + f"-{len(data)}",
)
def test_bytes_that_are_no_value_are_refused(data):
    tracemalloc.start()
    try:
        with pytest.raises(wire.WireError):
            wire.decode(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000 + 100 * len(data)
    finally:
        tracemalloc.stop()


def test_a_claim_beyond_the_bytes_is_refused_before_anything_is_made():
    data = b"\xdd\x00\x0f\x00\x00" + b"\xcb\0\0\0\0\0\0\0\1" * 20_000
    with pytest.raises(wire.WireError, match="cut off"):
        wire.decode(data)  # once untraced: what a first call sets up is not the decoder's
    tracemalloc.start()
    try:
        with pytest.raises(wire.WireError, match="cut off"):
            wire.decode(data)
        assert tracemalloc.get_traced_memory()[1] < 10_000
    finally:
        tracemalloc.stop()


def test_a_map_with_keys_that_could_be_chosen_to_collide_is_refused():
    with pytest.raises(wire.WireError, match="a key that is not a str"):
        wire.decode(b"\x81\x01\xc0")


def test_encodings_that_come_together_share_one_budget():
    half = wire.encode([0] * (1 << 19))
    budget = wire.Budget()
    wire.decode(half, budget)
    with pytest.raises(wire.WireError, match="more than"):
        wire.decode(half, budget)


def test_more_values_than_a_value_may_hold_are_refused():
    with pytest.raises(wire.WireError, match="more than"):
        wire.decode(b"\xdd\x00\x20\x00\x00" + bytes(1 << 21))


def test_more_than_a_frame_is_refused_unread():
    with pytest.raises(wire.WireError, match="64 MiB"):
        wire.decode(memoryview(bytes((64 << 20) + 1)))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_wire_error(data):
    with suppress(wire.WireError):
        wire.decode(data)


@settings(max_examples=300, deadline=None)
@given(PLAIN | ARRAYS, st.data())
def test_damaged_bytes_are_a_value_or_a_wire_error(value, data):
    damaged = bytearray(wire.encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(wire.WireError):
        wire.decode(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))

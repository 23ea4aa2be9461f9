"""What plain data is: the bounds and the dtypes of what crosses the wall."""

MAX_BYTES = 64 << 20
MAX_DEPTH = 16  # lists and maps inside one another
MAX_ITEMS = 1 << 20  # values inside one value: more belong in an array
MAX_DIMENSIONS = 32

# An array is an ext object of this type: dtype's index, number of dimensions, each dimension
# (8 bytes, big-endian), the items in C order.
ARRAY = 1
DTYPES = (
    "|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8",
    "<f2", "<f4", "<f8", "<c8", "<c16",
)  # fmt: skip
ITEM_BYTES = tuple(int(name[2:]) for name in DTYPES)


class WireError(ValueError):
    """Something is not plain data, or bytes are not an encoded value."""

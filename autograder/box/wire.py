"""Values as bytes: a strict subset of msgpack, with arrays. Runs on both sides of the wall.

Plain data is None, bool, int (64 bit), float, str, bytes, list, dict (with str keys) and
numpy arrays and scalars of the dtypes in `plain.DTYPES`. Types are exact: a subclass is refused,
since it may answer differently from what it holds. A tuple arrives as a list, a numpy scalar as an
array of shape (); arrays arrive in C order, own their memory and may be written to.

The codec is our own because msgpack's reserves as many places as a header claims, nested ones
again, and knows no depth; and because a box should hold no package that its lab does not list.
"""

from autograder.box.decoding import Budget, decode
from autograder.box.encoding import encode
from autograder.box.plain import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, WireError

__all__ = ["Budget", "MAX_BYTES", "MAX_DEPTH", "MAX_ITEMS", "WireError", "decode", "encode"]

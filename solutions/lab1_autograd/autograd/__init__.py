"""A small automatic differentiation engine: tensors, functions and their gradients."""

from autograd.arithmetic import add, div, mul, neg, pow, powt, sub
from autograd.broadcasting import broadcast_to, unbroadcast
from autograd.elementwise import exp, log, maximum, relu, sqrt, tanh, where
from autograd.engine import backward, grad
from autograd.function import Function
from autograd.linear import matmul
from autograd.reductions import logsumexp, max, mean, sum
from autograd.shaping import concat, getitem, pad, permute, reshape, split
from autograd.tensor import Array, Tensor, TensorLike, is_recording, recording

__all__ = [
    "Array",
    "Function",
    "Tensor",
    "TensorLike",
    "add",
    "backward",
    "broadcast_to",
    "concat",
    "div",
    "exp",
    "getitem",
    "grad",
    "is_recording",
    "log",
    "logsumexp",
    "matmul",
    "max",
    "maximum",
    "mean",
    "mul",
    "neg",
    "pad",
    "permute",
    "pow",
    "powt",
    "recording",
    "relu",
    "reshape",
    "split",
    "sqrt",
    "sub",
    "sum",
    "tanh",
    "unbroadcast",
    "where",
]

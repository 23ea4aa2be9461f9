"""A small automatic differentiation engine: tensors, functions and their gradients."""

from autograd.arithmetic import add, div, mul, neg, pow, powt, sub
from autograd.broadcasting import broadcast_to, unbroadcast
from autograd.checking import Report, gradcheck
from autograd.checkpointing import checkpoint
from autograd.compiling import compile
from autograd.elementwise import exp, log, maximum, relu, sqrt, tanh, where
from autograd.engine import backward, grad
from autograd.function import Function
from autograd.functional import hvp, jacobian
from autograd.fused import attention, cross_entropy, layer_norm
from autograd.gpt import GPT, GPTConfig, train
from autograd.layers import Dropout, Embedding, LayerNorm, Linear, RMSNorm, Sequential
from autograd.linear import matmul
from autograd.module import Module, Parameter
from autograd.optim import SGD, AdamW, Optimizer, clip_grad_norm_, cosine_lr
from autograd.reductions import logsumexp, max, mean, sum
from autograd.shaping import concat, getitem, pad, permute, reshape, split
from autograd.tensor import Array, Tensor, TensorLike, is_recording, recording

__all__ = [
    "AdamW",
    "Array",
    "Dropout",
    "Embedding",
    "Function",
    "GPT",
    "GPTConfig",
    "LayerNorm",
    "Linear",
    "Module",
    "Optimizer",
    "Parameter",
    "RMSNorm",
    "Report",
    "SGD",
    "Sequential",
    "Tensor",
    "TensorLike",
    "add",
    "attention",
    "backward",
    "broadcast_to",
    "checkpoint",
    "clip_grad_norm_",
    "compile",
    "concat",
    "cosine_lr",
    "cross_entropy",
    "div",
    "exp",
    "getitem",
    "grad",
    "gradcheck",
    "hvp",
    "is_recording",
    "jacobian",
    "layer_norm",
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
    "train",
    "unbroadcast",
    "where",
]

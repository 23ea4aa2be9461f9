import torch

Tensor = torch.Tensor
Function = torch.autograd.Function

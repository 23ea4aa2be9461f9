"""Kernels that hold the virtual NPU to its word: correct ones, wrong ones, and whole programs."""

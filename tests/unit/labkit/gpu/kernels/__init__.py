"""Right kernels, each a plain Numba module that both machines run; none may raise an alarm."""

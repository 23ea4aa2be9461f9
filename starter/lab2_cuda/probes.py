"""This lab needs no probes: its kernels are launched by a machine that never imports them."""

"""Kernels on a real Ascend NPU: the same source, by the vendor's compiler. Not run on hardware.

    from labkit.npu import hardware
    lib = hardware.build("kernel.cpp", soc="910B1")
    timing = lib.run(x, y, z)                # arrays are copied to the device and back

Values may differ from the virtual NPU's in the last places, and there are no diagnostics: see
docs/npu.md. Nothing here ran on an NPU yet; tests drive it with an emulated compiler and library.
"""

from labkit.npu.hardware.library import HardwareLibrary, Timing, build
from labkit.npu.hardware.problems import DeviceError, NoToolkit

__all__ = ["DeviceError", "HardwareLibrary", "NoToolkit", "Timing", "build"]

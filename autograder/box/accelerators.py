"""What a container needs to reach a real device. Not run on hardware: see docs/hardware.md.

Sources: the Docker documentation, "Access an NVIDIA GPU"; for Ascend, the list of nodes and mounts
that its images' README gives for engines without the vendor's runtime hook.
"""

from typing import Any

IMAGES = {"virtual": "runner-cpu", "gpu": "runner-cuda", "npu": "runner-ascend"}
_NPU_NODES = ("/dev/davinci_manager", "/dev/devmm_svm", "/dev/hisi_hdc")
_NPU_DRIVER = (
    "/usr/local/dcmi",
    "/usr/local/bin/npu-smi",
    "/usr/local/Ascend/driver/lib64",
    "/usr/local/Ascend/driver/version.info",
    "/etc/ascend_install.info",
)


def host_options(device: str, unit: str) -> dict[str, Any]:
    """Return keywords of `create_host_config` that lend a box the device.

    Args:
        device: virtual, gpu or npu.
        unit: the id by which its driver knows it, as `lease.lease` tells.
    """
    if device == "gpu":
        request = {"Driver": "nvidia", "DeviceIDs": [unit], "Capabilities": [["gpu", "utility"]]}
        return {"device_requests": [request]}
    if device == "npu":
        nodes = (f"/dev/davinci{unit}", *_NPU_NODES)
        return {
            "devices": [f"{node}:{node}:rw" for node in nodes],
            "binds": {path: {"bind": path, "mode": "ro"} for path in _NPU_DRIVER},
        }
    return {}

"""What NVIDIA's management library says of the GPUs (NVML); nothing when there is no driver.

https://docs.nvidia.com/deploy/nvml-api/ : the C structures and calls used here have been stable since version 2.
"""

import ctypes
from collections.abc import Mapping
from typing import Any

_PERCENT, _WATT = 1.0, 1000.0
_GPU_SENSOR = 0


class _Utilisation(ctypes.Structure):
    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))


class _Memory(ctypes.Structure):
    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class Gpus:
    """The GPUs of this machine. Without any, `sample` is empty."""

    def __init__(self) -> None:
        self._library, self._handles = _open()

    def sample(self) -> Mapping[str, float]:
        """`gpu.0.utilization` (percent), `.memory` (bytes used), `.power` (watts), `.temperature` (°C) of each."""
        found: dict[str, float] = {}
        use, memory, number = _Utilisation(), _Memory(), ctypes.c_uint()
        for place, handle in enumerate(self._handles):
            name, ask = f"gpu.{place}", self._library
            if not ask.nvmlDeviceGetUtilizationRates(handle, ctypes.byref(use)):
                found[f"{name}.utilization"] = float(use.gpu)
            if not ask.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory)):
                found[f"{name}.memory"] = float(memory.used)
            if not ask.nvmlDeviceGetPowerUsage(handle, ctypes.byref(number)):
                found[f"{name}.power"] = number.value / _WATT
            if not ask.nvmlDeviceGetTemperature(handle, _GPU_SENSOR, ctypes.byref(number)):
                found[f"{name}.temperature"] = float(number.value)
        return found


def _open() -> tuple[Any, list[ctypes.c_void_p]]:
    try:
        library = ctypes.CDLL("libnvidia-ml.so.1")
        count = ctypes.c_uint()
        if library.nvmlInit_v2() or library.nvmlDeviceGetCount_v2(ctypes.byref(count)):
            return None, []
        handles = [ctypes.c_void_p() for _ in range(count.value)]
        there = [not library.nvmlDeviceGetHandleByIndex_v2(n, ctypes.byref(handle)) for n, handle in enumerate(handles)]
    except (OSError, AttributeError):
        return None, []
    return library, [handle for handle, is_there in zip(handles, there, strict=True) if is_there]

"""Which variables a workload meets: a chosen few of the server's own, never its secrets."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_KEPT = frozenset(
    {
        # who and where
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "PATH",
        "TMPDIR",
        "TERM",
        "TZ",
        "LANG",
        "LANGUAGE",
        # libraries
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "PYTHONPATH",
        "CUDA_HOME",
        "CUDA_PATH",
        "NVIDIA_DRIVER_CAPABILITIES",
        # threads
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        # network
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "all_proxy",
        # caches
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "HF_HOME",
        "TORCH_HOME",
        "MPLBACKEND",
    }
)
_KEPT_PREFIXES = ("LC_",)
_BUILD_PREFIXES = ("UV_", "PIP_")
"""Where packages come from: for building an environment only, since addresses may hold passwords."""


def inherited(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    source = os.environ if environment is None else environment
    return {name: value for name, value in source.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}


def for_building(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    source = os.environ if environment is None else environment
    return inherited(source) | {name: value for name, value in source.items() if name.startswith(_BUILD_PREFIXES)}


def for_command(interpreter: Path, gpus: list[str], address: dict[str, str]) -> dict[str, str]:
    """What the executor provides; the order's own variables go on top."""
    given = inherited()
    given["PATH"] = f"{interpreter.parent}{os.pathsep}{given.get('PATH', os.defpath)}"
    given["PYTHONUNBUFFERED"] = "1"  # so that a log is live
    given["CUDA_VISIBLE_DEVICES"] = ",".join(gpus)  # none given, none seen: slots would mean nothing otherwise
    if interpreter != Path(sys.executable):
        given["VIRTUAL_ENV"] = str(interpreter.parent.parent)
        given.pop("PYTHONPATH", None)
    return given | {f"WARDIAN_PORT_{name.upper()}": where.rpartition(":")[2] for name, where in address.items()}

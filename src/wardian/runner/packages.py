"""`import_packages(names)`: install what is missing for this run, then import it, as SAME's SDK offers it."""

import importlib
import importlib.metadata
import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from wardian.runner.plan import FOLDER

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_INSTALL_S = 1800


def import_packages(
    packages_to_import: str | Iterable[str],
    update_conda_env: bool = False,
    conda_env_path: str = "environment.yml",
    python_executable: str | None = None,
) -> None:
    """Import packages into the caller's variables; what is missing is installed into the run's own folder.

    Names may carry a version (`numpy==2.1`). With `update_conda_env` a conda file is written that names them.
    """
    wanted = [packages_to_import] if isinstance(packages_to_import, str) else list(packages_to_import)
    missing = [package for package in wanted if not _is_installed(package)]
    if missing:
        _install(missing, python_executable or sys.executable)
    frame = inspect.currentframe()
    caller = frame.f_back.f_globals if frame is not None and frame.f_back is not None else {}
    for package in wanted:
        module = _import(package)
        caller[module.__name__.partition(".")[0]] = module
    if update_conda_env:
        _write_conda_file(Path(conda_env_path), wanted)


def _name(package: str) -> str:
    found = _NAME.match(package)
    if found is None:
        raise ValueError(f"{package!r} is not the name of a package")
    return found[0]


def _is_installed(package: str) -> bool:
    name, _, version = package.partition("==")
    try:
        return not version or importlib.metadata.version(_name(name)) == version.strip()
    except importlib.metadata.PackageNotFoundError:
        return not version and importlib.util.find_spec(_name(name).replace("-", "_")) is not None


def _import(package: str) -> ModuleType:
    """By the package's own name, or by the modules that its distribution holds."""
    name = _name(package)
    try:
        return importlib.import_module(name.replace("-", "_"))
    except ModuleNotFoundError:
        held = (module for module, owners in importlib.metadata.packages_distributions().items() if name in owners)
        module = next(held, None)
        if module is None:
            raise
        return importlib.import_module(module)


def _install(packages: list[str], python: str) -> None:
    target = Path.cwd() / FOLDER / "packages"
    uv = shutil.which("uv")
    installer = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    done = subprocess.run(  # noqa: S603 - what the notebook asks for
        [*installer, "--quiet", "--target", str(target), "--", *packages], timeout=_INSTALL_S, check=False
    )
    if done.returncode:
        raise ImportError(f"{', '.join(packages)} could not be installed (exit status {done.returncode})")
    if str(target) not in sys.path:
        sys.path.insert(0, str(target))
    importlib.invalidate_caches()


def _write_conda_file(path: Path, packages: list[str]) -> None:
    lines = ["dependencies:", f"  - python={sys.version_info.major}.{sys.version_info.minor}", "  - pip", "  - pip:"]
    for package in packages:
        lines.append(f"    - {_name(package)}=={_version(package)}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _version(package: str) -> str:
    return importlib.metadata.version(_name(package))

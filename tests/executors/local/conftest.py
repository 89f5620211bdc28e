"""What tests of the local executor share."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

MakeWheel = Callable[[str, str, str], str]


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only place uv may take packages from."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    only_here = {
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(folder),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }
    for name, value in only_here.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def make_wheel(wheels: Path) -> MakeWheel:
    """`(name, version, source)`: put a wheel of one module there; its line for a lock."""

    def make(name: str, version: str, source: str) -> str:
        path = wheels / f"{name}-{version}-py3-none-any.whl"
        about = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{name}.py", source)
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            wheel.writestr(
                f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{about}/RECORD", "")
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"

    return make


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing here depends on the kind of database."""
    return f"sqlite:///{tmp_path / 'wardian.db'}"

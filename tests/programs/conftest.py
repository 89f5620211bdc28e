"""Programs to create: small folders, packed as the command line packs them."""

import io
import tarfile
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wardian.programs import packing

EXAMPLES = Path(__file__).parents[2] / "examples"
Pack = Callable[[Mapping[str, str | bytes]], bytes]

HELLO = {
    "wardian.yaml": """
        name: hello
        version: 1.0.0
        parameters:
          times: {type: int, default: 2, minimum: 1, maximum: 9}
          whom: world
        steps:
          - name: greet
            command: python greet.py --times {times}
    """,
    "greet.py": """
        import json, os, sys
        print(sys.argv[1:], json.loads(os.environ["WARDIAN_PARAMETERS"]))
    """,
    "README.md": "# Hello",
}


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A .tar.gz of the files, with their text freed of the indent it has in a test."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def pack() -> Pack:
    return packed


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files into a folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        for path, content in files.items():
            target = tmp_path / "program" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode()
            target.write_bytes(data)
        return tmp_path / "program"

    return write


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], bytes]:
    """The archive of a folder of `examples/`."""

    def pack(name: str) -> bytes:
        with packing.packed(str(EXAMPLES / name)) as packed:
            return packed.archive.read_bytes()

    return pack

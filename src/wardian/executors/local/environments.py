"""Python environments on this machine, each built once: same lock, Python, wardian and purpose, same folder.

    python -I environments.py REQUEST

Run by the shim before the command of a workload, so that a build is logged, stopped and survives the server like any
other part of the attempt. Only the standard library and uv.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

_LEFT_OUT = ("__pycache__", "*.pyc", "static")
"""What of our own package programs never need; `static` is the web app."""
_QUIET = {"NO_COLOR": "1", "UV_NO_PROGRESS": "1", "VIRTUAL_ENV": ""}


@dataclass(frozen=True)
class Request:
    """One environment that somebody needs."""

    root: str
    """Folder of all environments."""
    lock: str
    """Requirements with exact versions and hashes; may be empty."""
    python: str
    """What `uv venv --python` takes: a version or a path."""
    serving: bool
    """Also what a model server needs, for the part that the lock does not name."""
    package: str
    """Our own package's folder; a copy goes in, so that `import wardian` works there."""
    source: str
    """`fingerprint` of it when the environment was asked for: who asks and who builds must mean the same folder."""
    uv: str

    @property
    def key(self) -> str:
        parts = [self.lock, self.python, str(self.serving), self.source]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def folder(self) -> Path:
        return Path(self.root, self.key)

    @property
    def interpreter(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def is_ready(self) -> bool:
        """A folder of this name is complete: it is renamed to it at the very end."""
        return self.folder.is_dir()

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def fingerprint(package: str) -> str:
    """Names our package's source, so that another version, or an edit during development, makes a new environment."""
    digest = hashlib.sha256()
    for path in sorted(Path(package).rglob("*.py")):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(package)}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def build(request: Request) -> int:
    """Build unless it is there; builders of the same environment wait for each other. Returns uv's exit status."""
    root = Path(request.root)
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{request.key}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("environment: another workload builds the same one; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if request.is_ready:
            with contextlib.suppress(OSError):
                os.utime(request.folder)  # when it was last of use
            return 0
        for left in root.glob(f"{request.key}.*.part"):  # of builders that were killed
            shutil.rmtree(left, ignore_errors=True)
        _say(f"environment: building {request.key[:12]}, kept for the next workload that needs the same")
        part = Path(tempfile.mkdtemp(prefix=f"{request.key}.", suffix=".part", dir=root))
        try:
            status = _fill(request, part)
            if status == 0:
                part.rename(request.folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return status


def _fill(request: Request, folder: Path) -> int:
    status = _uv(request, "venv", "--relocatable", "--allow-existing", "--python", request.python, str(folder))
    if status:
        return status
    status = _install(request, folder, request.lock)
    if status == 0 and request.serving:
        named = set(_entries(request.lock))
        ours = _entries(Path(__file__).with_name("serving.txt").read_text())
        missing = [entry for name, entry in ours.items() if name not in named]
        status = _install(request, folder, "\n".join(missing), "--no-deps")  # what they need may be in the lock
    if status:
        return status
    for site in folder.glob("lib/python*/site-packages"):
        shutil.copytree(request.package, site / "wardian", ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return 0


def _install(request: Request, folder: Path, lock: str, *options: str) -> int:
    if not _entries(lock):
        return 0
    requirements = folder / "requirements.txt"
    requirements.write_text(lock)
    interpreter = str(folder / "bin" / "python")
    return _uv(
        request, "pip", "install", "--python", interpreter, "--require-hashes", *options, "-r", str(requirements)
    )


def _uv(request: Request, *arguments: str) -> int:
    command = [request.uv, *arguments]
    return subprocess.run(command, env=os.environ | _QUIET, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603


def _entries(lock: str) -> dict[str, str]:
    """Name → its lines, of requirements as `uv pip compile --generate-hashes` writes them."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            name = line.split("==")[0].split("[")[0].split()[0].lower().replace("_", "-")
        found[name] = f"{found[name]}\n{line}" if name in found else line
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"[wardian] {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(build(Request(**json.loads(Path(sys.argv[1]).read_text()))))

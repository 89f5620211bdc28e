"""Peers in virtual environments of their own, made once and kept beside the user's caches."""

import subprocess
import sys
from pathlib import Path

VERSIONS = {"mlflow": ["mlflow==3.17.2"], "mlserver": ["mlserver==1.7.1", "mlserver-sklearn==1.7.1"]}
_HOME = Path.home() / ".cache" / "wardian-benchmarks"
_INSTALL_S = 900


def peer(name: str) -> Path | None:
    """The `bin` folder of the peer's environment; None, said so, when it cannot be installed here."""
    home = _HOME / name
    ready = home / ".ready"
    if not ready.exists():
        print(f"installing {' '.join(VERSIONS[name])} into its own environment …", flush=True)
        uv = str(Path(sys.executable).with_name("uv"))
        try:
            subprocess.run([uv, "venv", "-q", "--clear", str(home)], check=True, timeout=60)
            install = [uv, "pip", "install", "-q", "--python", str(home / "bin" / "python"), *VERSIONS[name]]
            subprocess.run(install, check=True, timeout=_INSTALL_S)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"the peer {name} does not install here ({error}); measured alone", flush=True)
            return None
        ready.touch()
    return home / "bin"

"""What the tests need besides .venv: Chromium, and uv's cache warm with what the examples' environments install.

After this no test needs the network: they run with UV_OFFLINE=1.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

from wardian.kernel.errors import Invalid
from wardian.programs import contents, locking

ROOT = Path(__file__).resolve().parent.parent
SERVING = ROOT / "src" / "wardian" / "executors" / "local" / "serving.txt"
LIMIT_S = 1200


def main() -> None:
    chromium()
    locks = {SERVING.read_text()} | {
        lock for folder in sorted((ROOT / "examples").iterdir()) if (lock := locked(folder))
    }
    for lock in locks:
        warm(lock)
    say(f"uv's cache holds what {len(locks)} environments install")


def chromium() -> None:
    """From Debian's packages, where this user may install them."""
    if shutil.which("chromium") is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            sys.exit("Chromium is missing, and the browser tests need it. Next: sudo apt-get install chromium")
        say("installing Chromium with apt-get")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    say(f"Chromium at {shutil.which('chromium')}")


def locked(folder: Path) -> str | None:
    """The lock of an example, resolved just as the platform does it; None for what needs no environment."""
    if not folder.is_dir():
        return None
    try:
        found = contents.read(folder)
    except Invalid:  # an example that is no program
        return None
    if found.requirements is None:
        return None
    say(f"resolving {folder.name}")
    return asyncio.run(locking.lock(found.requirements, folder, has_notebooks=bool(found.splits)))


def warm(lock: str) -> None:
    with tempfile.TemporaryDirectory(prefix="wardian-warm-") as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(lock)
        target = ("--python", sys.executable, "--target", f"{folder}/site")
        run(find_uv_bin(), "pip", "install", "--quiet", "--require-hashes", *target, "-r", str(requirements))


def run(*command: str) -> None:
    done = subprocess.run(command, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"`{' '.join(command)}` failed with status {done.returncode}; the lines above say why")


def say(text: str) -> None:
    print(f"   {text}", flush=True)


if __name__ == "__main__":
    main()

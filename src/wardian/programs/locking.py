"""Requirements fixed to exact versions and hashes, so that a program finds the same packages everywhere."""

import asyncio
import hashlib
import os
from pathlib import Path

from uv import find_uv_bin

from wardian.kernel.errors import Invalid, Unavailable
from wardian.programs.contents import CLOUDPICKLE, Requirements
from wardian.runner import imports

_LIMIT_S = 600
_OPTIONS = (
    *("--generate-hashes", "--universal", "--no-annotate", "--no-header", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-build"),
)
_PINNED_CLOUDPICKLE = (
    "cloudpickle==3.1.2 \\\n"
    "    --hash=sha256:7fda9eb655c9c230dab534f1983763de5835249750e85fbcef43aaa30a9a2414 \\\n"
    "    --hash=sha256:9acb47f6afd73f60dc1df93bb801b472f05ff42fa6c84167d25cb206be1fbf4a"
)


async def lock(requirements: Requirements, folder: Path, *, has_notebooks: bool) -> str:
    """The lock for a program's requirements. One that is a lock already is used as it is.

    Packages are resolved for every platform and nothing is built, so that no code of the program runs here.
    Raises Invalid when they cannot be resolved, Unavailable when that takes too long.
    """
    text = "\n".join(requirements.lines) + "\n"
    if requirements.hashed:
        named = {imports.normal_name(line) for line in requirements.lines}
        return text if not has_notebooks or CLOUDPICKLE in named else text + _PINNED_CLOUDPICKLE + "\n"
    command = [find_uv_bin(), "pip", "compile", *_OPTIONS]
    if requirements.python:
        command += ["--python-version", requirements.python]
    return await _output([*command, "-"], text, folder)


def key_of(lock_text: str | None, python: str | None) -> str:
    """Names an environment: part of every cache key of a step."""
    if lock_text is None:
        return "inherit"
    return hashlib.sha256(f"{python or ''}\n{lock_text}".encode()).hexdigest()


async def _output(command: list[str], text: str, folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_LIMIT_S):
            out, err = await process.communicate(text.encode())
    except TimeoutError:
        raise Unavailable(
            f"resolving the requirements took longer than {_LIMIT_S} s; retry, or give a locked file"
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = " ".join(err.decode(errors="replace").split())
        raise Invalid(f"the requirements cannot be resolved: {reason[-2000:]}")
    return out.decode()

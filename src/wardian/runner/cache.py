"""Reusing what an equal step left behind: its variables and the files it wrote.

The key covers all that a step may depend on: its code, the image and the installed packages, the parameters that it
or functions handed to it mention, its input state, the files it may read, and the versions of the data.
"""

import ast
import hashlib
import json
import platform
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wardian.kernel.errors import WardianError
from wardian.runner import folder as folders
from wardian.runner.link import Link, say
from wardian.runner.plan import ALL_PARAMETERS, PLACEHOLDER, Plan, PlannedStep, Pointer
from wardian.runner.state import State, StateStore

_FORMAT = 1
_LOOKS_AT_EVERYTHING = {"parameters", "globals", "locals", "vars", "eval", "exec", "environ", "getenv", "import_module"}
_HEAD_S = 10.0
_VERSION_HEADERS = ("ETag", "Last-Modified", "Content-Length")


class Cache:
    """The cached steps of one run."""

    def __init__(self, plan: Plan, folder: Path, link: Link, store: StateStore) -> None:
        self._plan, self._folder, self._link, self._store = plan, folder, link, store
        self._kept: dict[str, str] = {}
        """Blobs the server has from this run: local name → its name there."""

    def key(self, step: PlannedStep, state: State) -> str:
        plan = self._plan
        whole = {
            "format": _FORMAT,
            "python": platform.python_version(),
            "code": step.command or [cell.source for cell in step.cells],
            "environment": [plan.environment_key, step.image],
            "parameters": {name: plan.parameters[name] for name in used_parameters(plan, step, state)},
            "state": state.key,
            "files": folders.fingerprint(self._folder, step.inputs, plan.descriptions),
            "data": {one.name: data_version(one, plan.data_environment, self._folder) for one in plan.data},
        }
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()

    def restore(self, key: str, step: PlannedStep) -> tuple[State, str] | None:
        """Bring back what an equal step left: its variables and files. Returns the state and the run it is from."""
        found = self._link.cached(key, step.cache_s)
        if found is None:
            return None
        content = found["content"]
        try:
            for blob, name in content["blobs"].items():
                if not self._store.path(blob).exists():
                    self._store.path(blob).write_bytes(self._checked(self._link.fetch_object(key, name), blob))
                self._kept[blob] = name
            files = {path: (self._link.fetch_object(key, one["object"]), one) for path, one in content["files"].items()}
        except WardianError as fault:
            say(f"step {step.name}: a cached result cannot be fetched ({fault}); the step runs")
            return None
        for path, (data, one) in files.items():
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(one["mode"])
        for path in content["removed"]:
            (self._folder / path).unlink(missing_ok=True)
        return State.from_json(json.dumps(content["state"])), str(found["run"])

    def keep(self, key: str, step: PlannedStep, state: State, before: folders.Snapshot) -> None:
        """Offer the result of a step that succeeded to later runs."""
        if not self._link.is_connected:
            return
        after = folders.snapshot(self._folder)
        written, removed = folders.changes(before, after)
        try:
            blobs = {blob: self._keep_blob(blob) for blob in sorted(state.blobs)}
            kept = {path: self._link.keep_object(self._folder / path) for path in written}
            files = {path: {"object": name, "mode": after[path][2]} for path, name in kept.items()}
            content = {"state": json.loads(state.to_json()), "blobs": blobs, "files": files, "removed": removed}
            objects = sorted({*blobs.values(), *kept.values()})
            entry = {"run": self._link.run, "step": step.name, "valid_s": step.cache_s, "objects": objects}
            self._link.cache(key, {**entry, "content": content})
        except (WardianError, OSError) as fault:
            say(f"step {step.name}: its result was not cached: {fault}")

    def _keep_blob(self, blob: str) -> str:
        if blob not in self._kept:
            self._kept[blob] = self._link.keep_object(self._store.path(blob))
        return self._kept[blob]

    @staticmethod
    def _checked(data: bytes, blob: str) -> bytes:
        if hashlib.sha256(data).hexdigest() != blob:
            raise WardianError(f"blob {blob[:12]} came back with other bytes")
        return data


def used_parameters(plan: Plan, step: PlannedStep, state: State) -> list[str]:
    """The parameters that can change what a step does; all of them where that cannot be told."""
    everything = sorted(plan.parameters)
    if step.kind == "command":
        named = {found[2] for word in step.command for found in PLACEHOLDER.finditer(word) if found[2]}
        return sorted(named & set(everything)) if named and ALL_PARAMETERS not in named else everything
    names = set(state.uses)
    for cell in step.cells:
        names |= _names(cell.source)
    return everything if names & _LOOKS_AT_EVERYTHING else [name for name in everything if name in names]


def data_version(pointer: Pointer, environment: str, folder: Path) -> str:
    """What can be told of the version of data from outside: a digest, or what the server says of it."""
    address = pointer.address(environment)
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return f"{address} {_headers(address)}"
    path = folder / (parts.path if parts.scheme == "file" else address)
    return f"{address} {folders.digest(path)}" if path.is_file() else address


def _headers(address: str) -> str:
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - http(s) only, checked by the caller
    try:
        with urllib.request.urlopen(request, timeout=_HEAD_S) as answer:  # noqa: S310
            return " ".join(f"{name}={answer.headers.get(name)}" for name in _VERSION_HEADERS)
    except (urllib.error.URLError, OSError, ValueError):
        return ""


def _names(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def describe(state: State) -> dict[str, Any]:
    """What a step handed on, for the record of the run."""
    lost = {name: variable.reason for name, variable in state.variables.items() if variable.reason}
    return {"variables": len(state.variables), **({"not_handed_on": lost} if lost else {})}

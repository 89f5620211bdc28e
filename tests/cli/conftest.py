"""A command line that is signed in at a running platform."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.platform import Platform
from wardian.cli.main import run
from wardian.sdk.sign_in import SignIn

Cli = Callable[..., Any]


@pytest.fixture
def home(server: Platform, tmp_path, monkeypatch):
    """A home signed in as the platform's admin, with `demo` as the chosen project."""
    for name in ("URL", "ACCESS_KEY", "SECRET_KEY", "PROJECT"):
        monkeypatch.delenv(f"WARDIAN_{name}", raising=False)
    monkeypatch.setenv("WARDIAN_HOME", str(tmp_path / "cli"))
    kept = SignIn(tmp_path / "cli")
    kept.write(url=server.url, access_key=server.admin.access, secret_key=server.admin.secret, project="demo")
    return kept


@pytest.fixture
def cli(home, capsys) -> Cli:
    """Run a command: its JSON answer; with `status=`, what it says on standard error instead."""

    def call(*words: str, status: int | None = None) -> Any:
        capsys.readouterr()
        if status is None:
            assert run([*words, "--json"]) == 0, capsys.readouterr().err
            out = capsys.readouterr().out
            return json.loads(out) if out else None
        assert run([*words]) == status
        return capsys.readouterr().err

    return call

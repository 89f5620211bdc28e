"""The doctor names what fails and what to do."""

import json

import pytest

from tests.platform import Platform
from wardian.cli.main import run
from wardian.sdk.sign_in import SignIn
from wardian.server import doctor
from wardian.server.presence import Presence


@pytest.fixture
def findings(tmp_path, monkeypatch, capsys):
    """Run it on a home; what it says by part, and its exit status."""

    def look(home=tmp_path / "home"):
        monkeypatch.setenv("WARDIAN_HOME", str(home))
        capsys.readouterr()
        status = run(["doctor", "--json"])
        report = json.loads(capsys.readouterr().out)
        assert report["ok"] is (status == 0)
        return {each["part"]: each for each in report["findings"]}

    return look


def test_before_the_first_start_nothing_is_made(findings, tmp_path):
    found = findings()
    assert found["python"]["state"] == "ok"
    assert "wardian up" in found["server"]["said"]
    assert not (tmp_path / "home").exists()


def test_a_running_platform_is_seen(findings, server: Platform):
    home = server.house.settings.home
    Presence.here(server.url, "0").write(home)
    SignIn(home).write(url=server.url, access_key=server.admin.access, secret_key=server.admin.secret)
    found = findings(home)
    assert {found[part]["state"] for part in ("database", "blobs", "server", "sign-in", "environments")} == {"ok"}
    assert [path.name for path in (home / "blobs").rglob("*") if path.is_file()] == [], "the probe is removed"


def test_a_key_that_no_longer_works(findings, server: Platform):
    home = server.house.settings.home
    SignIn(home).write(url=server.url, access_key=server.admin.access, secret_key="wrong")
    assert findings(home)["sign-in"]["state"] == "failed"


def test_a_plugin_that_fails_to_load_is_named_and_harms_nothing_else(findings, monkeypatch):
    class Broken:
        name, value = "broken", "nowhere:Thing"

        def load(self):
            raise ImportError("no module named nowhere")

    monkeypatch.setattr(doctor, "entry_points", lambda group: [Broken()] if group == "wardian.web" else [])
    found = findings()
    assert found["plugins"]["state"] == "failed"
    assert "broken (nowhere:Thing)" in found["plugins"]["said"]
    assert found["database"]["state"] == "ok"


def test_a_damaged_database_fails_with_the_next_step(findings, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "wardian.db").write_text("x" * 4096)
    found = findings()
    assert found["database"]["state"] == "failed"
    assert "backup" in found["database"]["said"]


def test_settings_that_make_no_sense_are_the_only_finding(findings, monkeypatch):
    monkeypatch.setenv("WARDIAN_PORT", "many")
    assert list(findings()) == ["settings"]

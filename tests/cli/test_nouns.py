"""Commands about projects, users, keys and events against a running platform."""

import io
import stat

import pytest

from tests.platform import Platform
from wardian.cli import exits
from wardian.cli.main import run

pytestmark = pytest.mark.usefixtures("home")


class TestProjects:
    def test_made_chosen_shown_deleted(self, cli, home):
        assert cli("create", "project", "plants", "--description", "green")["name"] == "plants"
        assert {each["name"] for each in cli("list", "projects")} >= {"demo", "plants"}
        cli("use", "project", "plants")
        assert home.read()["project"] == "plants"
        assert cli("show", "project")["description"] == "green"
        assert run(["delete", "project", "plants", "--yes"]) == 0
        assert "plants" in cli("show", "project", "plants", status=exits.NOT_FOUND)

    def test_the_same_name_twice_is_a_conflict(self, cli):
        cli("create", "project", "twice")
        assert "exists already" in cli("create", "project", "twice", status=exits.CONFLICT)

    def test_a_bad_name_is_invalid(self, cli):
        assert "name" in cli("create", "project", "Bad Name", status=exits.INVALID)

    def test_deleting_asks_first(self, cli, monkeypatch):
        cli("create", "project", "kept")
        monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
        assert "nothing was deleted" in cli("delete", "project", "kept", status=0)
        assert cli("show", "project", "kept")["name"] == "kept"


class TestUsers:
    def test_a_new_user_becomes_a_member_and_leaves(self, cli, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
        assert cli("create", "user", "ada", "--password-stdin")["name"] == "ada"
        assert cli("create", "member", "ada", "--role", "guest")["role"] == "guest"
        assert "ada" in {each["name"] for each in cli("list", "members")}
        assert run(["delete", "member", "ada"]) == 0
        assert "ada" not in {each["name"] for each in cli("list", "members")}
        assert run(["delete", "user", "ada"]) == 0
        assert "ada" not in {each["name"] for each in cli("list", "users")}

    def test_nobody_to_type_a_password_is_said(self, cli):
        assert "--password-stdin" in cli("create", "user", "bob", status=exits.INVALID)

    def test_a_key_works_until_it_is_deleted(self, cli, server: Platform):
        made = cli("create", "key", "laptop")
        assert made["access"] in {each["access"] for each in cli("list", "keys")}
        assert run(["delete", "key", made["key"]["id"]]) == 0
        assert made["access"] not in {each["access"] for each in cli("list", "keys")}


class TestLogin:
    def test_a_password_is_exchanged_for_a_key(self, server, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr("sys.stdin", io.StringIO("admin-password\n"))
        elsewhere = tmp_path / "elsewhere"
        assert run(["login", server.url, "--name", "admin", "--password-stdin", "--home", str(elsewhere)]) == 0
        assert "signed in" in capsys.readouterr().out
        assert stat.S_IMODE((elsewhere / "cli.json").stat().st_mode) == 0o600
        assert "admin-password" not in (elsewhere / "cli.json").read_text()
        assert run(["list", "projects", "--home", str(elsewhere)]) == 0

    def test_a_wrong_password_is_refused_and_nothing_is_kept(self, server, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
        words = ["login", server.url, "--name", "admin", "--password-stdin", "--home", str(tmp_path / "none")]
        assert run(words) == exits.NOT_ALLOWED
        assert "wrong" in capsys.readouterr().err
        assert not (tmp_path / "none" / "cli.json").exists()

    def test_a_key_signs_in_too(self, server, tmp_path, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{server.admin.secret}\n"))
        words = ["login", server.url, "--key", server.admin.access, "--password-stdin", "--home", str(tmp_path / "key")]
        assert run(words) == 0

    def test_an_address_where_nothing_answers(self, monkeypatch, tmp_path, capsys):
        monkeypatch.setattr("sys.stdin", io.StringIO("x\n"))
        words = ["login", "127.0.0.1:9", "--name", "a", "--password-stdin", "--home", str(tmp_path)]
        assert run(words) == exits.UNAVAILABLE
        assert "nothing answers" in capsys.readouterr().err


class TestEnv:
    def test_the_variables_of_what_is_served_can_be_evaluated(self, cli, server, capsys):
        assert cli("env")["variables"]["WARDIAN_URL"] == server.url
        assert run(["env"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert f"export WARDIAN_URL={server.url}" in lines
        assert any(line.startswith("# export CLEARML_API_HOST=") for line in lines), "a door that is not open yet"


def test_events_tell_who_did_what(cli, server):
    cli("create", "project", "traced")
    server.wait_for_seal()
    verbs = {(each["verb"], each["name"]) for each in cli("list", "events")}
    assert ("project.created", "traced") in verbs


def test_workloads_are_listed_and_a_missing_one_is_not_found(cli):
    assert cli("list", "workloads") == []
    assert "nothing" in cli("show", "workload", "nothing", status=exits.NOT_FOUND)
    assert "nothing" in cli("stop", "workload", "nothing", status=exits.NOT_FOUND)

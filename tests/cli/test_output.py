"""How values are written."""

from datetime import UTC, datetime, timedelta

import pytest

from wardian.cli import output


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (True, "yes"), (0.1 + 0.2, "0.3"), ([1, "a"], "1, a"), ({"a": 1}, '{"a": 1}'), ("text", "text")],
)
def test_plain(value, written):
    assert output.plain(value) == written


@pytest.mark.parametrize(("bytes_", "written"), [(0, ""), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 40, "5.0 TiB")])
def test_size(bytes_, written):
    assert output.size(bytes_) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(5, "5 s ago"), (150, "2 min ago"), (7200, "2 h ago"), (-3, "0 s ago")]
)
def test_ago(seconds, written):
    assert output.ago((datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()) == written


def test_at_follows_a_path_and_survives_what_is_missing():
    assert output.at({"a": {"b": 1}}, "a.b") == 1
    assert output.at({"a": 3}, "a.b.c") is None
    assert output.section({"a": None}, "a") == {}


def test_a_pipe_gets_whole_lines(capsys):
    output.say_table([{"name": "n" * 150}], [output.Column("name")])
    assert "n" * 150 in capsys.readouterr().out

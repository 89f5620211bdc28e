from pathlib import Path

import pytest
from pydantic import ValidationError

from wardian.kernel.settings import Settings


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WARDIAN_HOME", "WARDIAN_PORT", "WARDIAN_LIMITS__BODY_BYTES"):
        monkeypatch.delenv(name, raising=False)


class TestPrecedence:
    def test_arguments_before_variables_before_the_file_before_defaults(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines = ["port = 1", 'host = "0.0.0.0"', 'log_level = "debug"', "[limits]", "body_bytes = 5"]
        (tmp_path / "config.toml").write_text("\n".join(lines))
        monkeypatch.setenv("WARDIAN_PORT", "2")
        assert Settings.load(home=tmp_path).port == 2
        chosen = Settings.load(home=tmp_path, port=3, host=None)
        assert (chosen.port, chosen.host, chosen.log_level) == (3, "0.0.0.0", "debug")
        assert chosen.limits.body_bytes == 5
        assert chosen.limits.free_disk_bytes == Settings().limits.free_disk_bytes

    def test_a_variable_reaches_into_a_group(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WARDIAN_HOME", str(tmp_path))
        monkeypatch.setenv("WARDIAN_LIMITS__BODY_BYTES", "7")
        chosen = Settings.load()
        assert (chosen.home, chosen.limits.body_bytes) == (tmp_path, 7)

    def test_nonsense_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match="port"):
            Settings.load(home=tmp_path, port=70_000)


class TestAddresses:
    @pytest.mark.parametrize(
        ("host", "url"),
        [("127.0.0.1", "http://127.0.0.1:1"), ("0.0.0.0", "http://127.0.0.1:1"), ("::1", "http://[::1]:1")],
    )
    def test_what_clients_use(self, tmp_path: Path, host: str, url: str) -> None:
        assert Settings.load(home=tmp_path, host=host, port=1).public_url == url

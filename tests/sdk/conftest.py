import pytest

from tests.sdk.fake import FakeServer


@pytest.fixture
def fake():
    server = FakeServer().start()
    yield server
    server.stop()


@pytest.fixture
def environ(fake, tmp_path, monkeypatch):
    """The variables of a machine that is signed in to the fake server."""
    variables = {
        "WARDIAN_HOME": str(tmp_path / "home"),
        "WARDIAN_URL": fake.url,
        "WARDIAN_ACCESS_KEY": "access",
        "WARDIAN_SECRET_KEY": "secret",
        "WARDIAN_PROJECT": "lab",
        "WARDIAN_QUIET": "1",
    }
    for name in ("WARDIAN_RUN", "WARDIAN_WORKLOAD", "WARDIAN_OFFLINE", "WARDIAN_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def spools(tmp_path):
    """Where the runs of this test wait."""
    return tmp_path / "home" / "spool"

"""The main story with everything kept elsewhere: rows in PostgreSQL, blobs in S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.counting import Counting
from tests.e2e.home import PROJECT, Home, program, running
from tests.e2e.scaler import SCALER, predicted
from tests.postgres import fresh_postgresql
from tests.seaweed import fresh_corner

pytestmark = pytest.mark.slow


@pytest.fixture
def kept_elsewhere(tmp_path: Path) -> Iterator[Home]:
    blobs, s3 = fresh_corner()
    keys = {"ENDPOINT": s3.endpoint, "ACCESS_KEY": s3.access_key, "SECRET_KEY": s3.secret_key}
    variables = {f"WARDIAN_S3__{name}": value for name, value in keys.items() if value}
    with (
        fresh_postgresql() as database,
        running(tmp_path / "own", "--database", database, "--blobs", blobs, **variables) as home,
    ):
        yield home


def test_the_main_story(kept_elsewhere: Home, home: Home, tmp_path: Path):
    here = kept_elsewhere
    counting = Counting(here, tmp_path / "counting")
    here.kill()
    counting.goes_on()
    here.up()
    counting.is_heard_again()
    counting.enough()
    counting.assert_books_are_whole()

    here.wardian("create", "program", "-f", program(tmp_path / "scaler", SCALER))
    run = here.json("run", "program", "scaler", "--factor=4")
    assert run["status"] == "succeeded"
    here.wardian("register", "model", run["id"], "model", "-n", "scaler")
    here.wardian("deploy", "model", "scaler")
    assert predicted(here) == [4, 40]
    here.kill()
    here.up()
    assert predicted(here) == [4, 40], "what is served outlives its server"

    file = tmp_path / "scaler.tgz"
    here.wardian("export", "program", "-n", "scaler", "--with-history", "-o", str(file))
    made = home.json("import", "program", str(file))
    assert (made["created"], made["runs"]) == (True, 1)
    assert home.points(run["id"], "score") == here.points(run["id"], "score")
    again = home.json("run", "program", "scaler", "--factor=4")
    assert home.points(again["id"], "score") == here.points(run["id"], "score")

    kept = {each.name for each in here.folder.iterdir()}
    assert not {"wardian.db", "blobs"} & kept, "neither rows nor blobs lie in the home"
    assert PROJECT in [each["name"] for each in here.json("list", "projects")]

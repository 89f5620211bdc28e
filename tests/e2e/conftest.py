"""A running home for each file of stories; a story that kills or breaks its server takes one of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.home import Home, running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with running(tmp_path_factory.mktemp("e2e") / "home") as home:
        yield home


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Home]:
    with running(tmp_path / "own") as home:
        yield home

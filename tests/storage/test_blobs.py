import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.seaweed import fresh_corner
from wardian.kernel.errors import Invalid, NotFound, Unavailable
from wardian.kernel.settings import S3, Settings
from wardian.storage.blobs import Blobs, LocalBlobs, S3Blobs, open_blobs


@pytest.fixture(params=["local", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "local":
        return open_blobs(Settings.load(home=tmp_path))
    address, s3 = fresh_corner()
    return open_blobs(Settings.load(home=tmp_path, blobs=address, s3=s3))


def run(work: Callable[[], Any]) -> Any:
    return asyncio.run(work())


async def whole(blobs: Blobs, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in blobs.stream(key, start, end)])


class TestEachStore:
    def test_what_is_put_comes_back_whole_and_in_part(self, blobs: Blobs) -> None:
        data = bytes(range(256)) * 10_000

        async def story() -> None:
            await blobs.put("a/b", data)
            assert await whole(blobs, "a/b") == data
            assert await whole(blobs, "a/b", 1_000_000, 1_000_010) == data[1_000_000:1_000_010]
            assert await whole(blobs, "a/b", len(data) - 3) == data[-3:]
            assert await whole(blobs, "a/b", len(data) + 3) == b""
            assert await blobs.size("a/b") == len(data)

        run(story)

    def test_a_file_is_taken_over(self, blobs: Blobs, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"from a file")

        async def story() -> None:
            await blobs.put("file", source)
            assert await whole(blobs, "file") == b"from a file"

        run(story)

    def test_nothing_there(self, blobs: Blobs) -> None:
        async def story() -> None:
            assert await blobs.size("none") is None
            with pytest.raises(NotFound):
                await whole(blobs, "none")
            await blobs.delete("none")

        run(story)

    def test_keys_and_delete(self, blobs: Blobs) -> None:
        async def story() -> None:
            for key in ("x/1", "x/2", "y/1"):
                await blobs.put(key, b"1")
            await blobs.delete("x/1")
            assert sorted([key async for key in blobs.keys("")]) == ["x/2", "y/1"]

        run(story)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Unavailable, match="No space left on device"):
        asyncio.run(LocalBlobs(tmp_path).put("a", b"1"))
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_s3_says_so() -> None:
    nowhere = S3(endpoint="http://127.0.0.1:9", access_key="a", secret_key="b", retry_timeout_s=0.5)
    with pytest.raises(Unavailable, match="blob store cannot be reached"):
        asyncio.run(S3Blobs("bucket", "", nowhere).put("a", b"1"))


def test_an_unknown_kind_of_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="s3://BUCKET"):
        open_blobs(Settings.load(home=tmp_path, blobs="ftp://x"))

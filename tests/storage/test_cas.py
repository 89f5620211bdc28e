import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from wardian.kernel.clock import utc_now
from wardian.kernel.errors import Conflict, NotFound, TooLarge
from wardian.server.wiring import House
from wardian.storage import references

BIG = bytes(range(256)) * 40_000


async def chunks(data: bytes, size: int = 1_000_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def blob_keys(house: House) -> list[str]:
    return [key async for key in house.blobs.keys("objects/")]


class TestPut:
    @pytest.mark.parametrize("data", [b"", b"small", BIG])
    def test_streamed_or_whole_the_same_bytes_are_kept_once(self, house: House, data: bytes) -> None:
        async def story() -> None:
            streamed, whole = await house.cas.put(chunks(data)), await house.cas.put(data)
            assert streamed == whole
            assert await house.cas.get(whole.hash) == data
            assert len(await blob_keys(house)) == 1

        asyncio.run(story())

    def test_too_large_leaves_nothing(self, house: House) -> None:
        async def story() -> None:
            with pytest.raises(TooLarge, match="larger than 5000000"):
                await house.cas.put(chunks(BIG), limit=5_000_000)
            assert await blob_keys(house) == []
            assert list((house.settings.home / "spool").iterdir()) == []

        asyncio.run(story())


class TestSweep:
    def test_what_nobody_holds_goes_and_the_rest_stays(self, house: House) -> None:
        async def story() -> None:
            held, released, uploading = [
                (await house.cas.put(data)).hash for data in (b"held", b"released", b"uploading")
            ]
            for one in (held, released):
                await house.db.write(references.hold, one)
            await house.db.write(references.release, released)
            assert await house.cas.sweep() == 1
            assert await house.cas.get(held) == b"held"
            assert await house.cas.get(uploading) == b"uploading"
            with pytest.raises(NotFound):
                await house.cas.get(released)
            with pytest.raises(Conflict, match="upload it again"):
                await house.db.write(references.hold, released)
            assert await house.cas.put(b"released")

        asyncio.run(story())

    def test_an_upload_never_referenced_goes_when_its_pin_ends(self, house: House) -> None:
        async def story() -> None:
            await house.cas.put(b"forgotten")
            assert await house.cas.sweep() == 0
            house.db.clock = lambda: utc_now() + references.PIN + timedelta(seconds=1)
            assert await house.cas.sweep() == 1

        asyncio.run(story())

    def test_uploads_of_content_being_swept_wait_for_it(self, house: House) -> None:
        async def story() -> None:
            kept = await house.cas.put(b"content")
            await house.db.write(references.hold, kept.hash)
            await house.db.write(references.release, kept.hash)
            going = await house.db.write(references.to_sweep, 10)
            again = asyncio.create_task(house.cas.put(b"content"))
            await asyncio.sleep(0)
            assert not again.done()
            await house.cas.sweep()
            assert going == [kept.hash]
            assert await again == kept
            assert await house.cas.get(kept.hash) == b"content"

        asyncio.run(story())

    def test_two_uploads_of_one_content_both_keep_it(self, house: House) -> None:
        async def story() -> None:
            first = await house.cas.put(b"content")
            await house.cas.put(b"content")
            await house.db.write(references.hold, first.hash)
            await house.db.write(references.release, first.hash)
            assert await house.cas.sweep() == 0
            assert await house.db.write(references.hold, first.hash) == len(b"content")

        asyncio.run(story())

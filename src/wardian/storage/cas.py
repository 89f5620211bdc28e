"""Content-addressed objects above blobs: the same bytes are kept once, whoever brings them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from blake3 import blake3

from wardian.kernel.errors import TooLarge, Unavailable
from wardian.storage import references
from wardian.storage.blobs import Blobs
from wardian.storage.sql import Database

_IN_MEMORY = 4 * 1024 * 1024
_SWEEP_TRIES = 50


@dataclass(frozen=True)
class Stored:
    hash: str
    """BLAKE3 of the bytes, 64 hex characters."""
    size: int


def key_of(object_hash: str) -> str:
    return f"objects/{object_hash[:2]}/{object_hash[2:]}"


class Cas:
    """`put` pins what it stores for an hour; `references.hold` it in the transaction that points at it."""

    def __init__(self, database: Database, blobs: Blobs, spool: Path) -> None:
        self._database = database
        self._blobs = blobs
        self._spool = spool

    async def put(self, data: bytes | AsyncIterator[bytes], *, limit: int | None = None) -> Stored:
        """Keep the bytes, durable on return. Streams are spooled on disk. More than `limit` bytes is TooLarge."""
        if isinstance(data, bytes):
            return await self._keep(Stored(blake3(data).hexdigest(), len(data)), data)
        hasher, size, head = blake3(), 0, bytearray()
        file = None
        try:
            async for chunk in data:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge(f"the upload is larger than {limit} bytes, the limit here", limit=limit)
                hasher.update(chunk)
                if file is None and size <= _IN_MEMORY:
                    head += chunk
                    continue
                if file is None:
                    self._spool.mkdir(parents=True, exist_ok=True)
                    file = NamedTemporaryFile(dir=self._spool, delete=False)  # noqa: SIM115 - handed on, closed below
                    file.write(head)
                await asyncio.to_thread(file.write, chunk)
            stored = Stored(hasher.hexdigest(), size)
            if file is None:
                return await self._keep(stored, bytes(head))
            await asyncio.to_thread(file.close)
            return await self._keep(stored, Path(file.name))
        finally:
            if file is not None:
                file.close()
                await asyncio.to_thread(Path(file.name).unlink, missing_ok=True)

    async def get(self, object_hash: str) -> bytes:
        return b"".join([chunk async for chunk in self.stream(object_hash)])

    def stream(self, object_hash: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, in chunks of about 1 MiB."""
        return self._blobs.stream(key_of(object_hash), start, end)

    async def sweep(self, limit: int = 200) -> int:
        """Delete objects that nobody holds; returns how many went."""
        hashes = await self._database.write(references.to_sweep, limit)
        for object_hash in hashes:
            await self._blobs.delete(key_of(object_hash))
        if hashes:
            await self._database.write(references.swept, hashes)
        return len(hashes)

    async def _keep(self, stored: Stored, data: bytes | Path) -> Stored:
        for _ in range(_SWEEP_TRIES):
            present = await self._database.write(references.pin, stored.hash, stored.size)
            if present is not None:
                break
            await asyncio.sleep(0.1)  # the sweeper is deleting just these bytes; it is done in a moment
        else:
            raise Unavailable("the same content is being deleted; retry in a moment")
        if not present:
            await self._blobs.put(key_of(stored.hash), data)
            await self._database.write(references.stored, stored.hash)
        return stored

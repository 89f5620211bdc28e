"""Bytes under keys: on local disk or in S3. Everything clever is written once above this."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Generator
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from wardian.kernel.errors import Invalid, NotFound, Unavailable
from wardian.kernel.settings import S3, Settings

CHUNK = 1024 * 1024


class Blobs(Protocol):
    """Five methods. A key is a relative path of `/`-separated plain names."""

    async def put(self, key: str, data: bytes | Path) -> None:
        """Store bytes or the content of a local file; durable on return, whole or not at all."""
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes from `start` up to `end` in chunks; NotFound when the key is not there."""
        ...

    async def size(self, key: str) -> int | None: ...

    async def delete(self, key: str) -> None:
        """Remove; a key that is not there is fine."""
        ...

    def keys(self, prefix: str = "") -> AsyncIterator[str]: ...


class LocalBlobs:
    """Files under one folder: written to a temporary name, fsynced, renamed, the folder fsynced."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, key: str, data: bytes | Path) -> None:
        await asyncio.to_thread(self._put, self.root / key, data)

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        try:
            file = (self.root / key).open("rb")  # not in a thread: who is cancelled meanwhile leaks it
        except FileNotFoundError:
            raise NotFound("blob", key) from None
        with file:
            file.seek(start)
            left = end - start if end is not None else None
            while left is None or left > 0:
                chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    async def size(self, key: str) -> int | None:
        try:
            return (await asyncio.to_thread((self.root / key).stat)).st_size
        except FileNotFoundError:
            return None

    async def delete(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread((self.root / key).unlink)

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        for path in await asyncio.to_thread(lambda: sorted(p for p in self.root.rglob("*") if p.is_file())):
            key = path.relative_to(self.root).as_posix()
            if key.startswith(prefix) and not path.name.startswith(".tmp-"):
                yield key

    def _put(self, target: Path, data: bytes | Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=".tmp-", delete=False) as file:
            temporary = Path(file.name)
            try:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    with data.open("rb") as source:
                        shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())
                temporary.rename(target)
            except OSError as error:
                temporary.unlink(missing_ok=True)
                raise Unavailable(
                    f"the blob store cannot be written ({error.strerror}); free space on its disk"
                ) from error
        _fsync_folder(target.parent)


class S3Blobs:
    """Objects in a bucket, by obstore. Works with any S3 that speaks version 4 signatures."""

    def __init__(self, bucket: str, prefix: str, options: S3) -> None:
        from obstore.store import S3Store  # noqa: PLC0415 - a Rust library of 20 MB that a laptop's server never needs

        given: dict[str, Any] = {"region": options.region}
        if options.endpoint:
            given |= {
                "endpoint": options.endpoint,
                "client_options": {"allow_http": options.endpoint.startswith("http://")},
            }
        if options.access_key:
            given |= {"access_key_id": options.access_key, "secret_access_key": options.secret_key}
        retry: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=options.retry_timeout_s)}
        self._store = S3Store(bucket, prefix=prefix or None, retry_config=retry, **given)

    async def put(self, key: str, data: bytes | Path) -> None:
        with _reached():
            await self._store.put_async(key, data)

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        whole: Any
        options: Any = {}
        if start or end is not None:
            size = await self.size(key)
            if size is None:
                raise NotFound("blob", key)
            stop = size if end is None else min(end, size)
            if start >= stop:
                return
            options = {"range": (start, stop)}
        with _reached(key):
            whole = await self._store.get_async(key, options=options)
            async for chunk in whole.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def size(self, key: str) -> int | None:
        try:
            with _reached(key):
                return int((await self._store.head_async(key))["size"])
        except NotFound:
            return None

    async def delete(self, key: str) -> None:
        with contextlib.suppress(NotFound), _reached(key):
            await self._store.delete_async(key)

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        with _reached():
            async for page in self._store.list(prefix or None):
                for entry in page:
                    yield entry["path"]


def open_blobs(settings: Settings) -> Blobs:
    """The store that the settings name."""
    url = settings.blobs_url
    if url.startswith("s3://"):
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        return S3Blobs(bucket, prefix.strip("/"), settings.s3)
    if "://" in url:
        raise Invalid(f"blobs must be a folder or s3://BUCKET[/PREFIX], not {url!r}")
    return LocalBlobs(Path(url))


@contextlib.contextmanager
def _reached(key: str = "") -> Generator[None]:
    """Turn the store's errors into ours."""
    from obstore.exceptions import BaseError  # noqa: PLC0415 - see S3Blobs

    try:
        yield
    except FileNotFoundError:
        raise NotFound("blob", key) from None
    except BaseError as error:
        raise Unavailable(f"the blob store cannot be reached: {str(error).splitlines()[0][:300]}") from error


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

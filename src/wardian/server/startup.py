"""What must hold before a server starts. Nothing is changed; each refusal names the reason and the next step."""

import asyncio
import errno
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from wardian.kernel.errors import Conflict, Invalid, Unavailable
from wardian.kernel.settings import Settings
from wardian.storage import migrations
from wardian.storage.blobs import open_blobs
from wardian.storage.sql import Database

SQLITE = "sqlite:///"
S3_CHECK_S = 60


async def check(settings: Settings) -> None:
    """Everything but the port, which `listen` claims at once so that nobody takes it in between."""
    check_folder(settings.home, settings.limits.free_disk_bytes)
    check_database(settings.database_url)
    if settings.blobs_url.startswith("s3://"):
        check_s3(settings)
    else:
        check_folder(Path(settings.blobs_url), settings.limits.free_disk_bytes)
        await check_blobs(settings)


def check_folder(folder: Path, free: int) -> None:
    """Can be written, or made, and its disk has `free` bytes left."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        raise Invalid(f"{there} is a file, so {folder} cannot be a folder; choose another place with --home or --blobs")
    if not os.access(there, os.W_OK | os.X_OK):
        raise Invalid(
            f"{there} cannot be written by this user (read-only or not permitted); "
            "choose another place with --home or --blobs"
        )
    left = shutil.disk_usage(there).free
    if left < free:
        raise Unavailable(
            f"the disk of {there} has {_mib(left)} left and Wardian wants {_mib(free)}; "
            "free space, choose another place with --home, or lower WARDIAN_LIMITS__FREE_DISK_BYTES"
        )


def check_database(url: str) -> None:
    """It answers, and no newer release has written it."""
    if url.startswith(SQLITE):
        file = Path(url.removeprefix(SQLITE))
        check_folder(file.parent, 0)
        if not file.exists():
            return
        check_sqlite(file)
    with _refused(url), _opened(url) as database:
        migrations.check(database)


def check_sqlite(file: Path) -> None:
    """It is a database that this user may write."""
    if not os.access(file, os.W_OK):
        raise Invalid(
            f"{file} cannot be written by this user; give it back its permissions, or choose another --database"
        )
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{file} is no usable SQLite database ({error}); move it away, or restore a backup") from error


def check_s3(settings: Settings) -> None:
    """In a process apart: the S3 client starts threads, and a server that is forked off afterwards would miss them."""
    command = [sys.executable, "-m", "wardian.server.startup"]
    question = settings.model_dump_json()
    try:
        apart = subprocess.run(command, input=question, capture_output=True, text=True, timeout=S3_CHECK_S, check=True)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        raise Unavailable(f"the store {settings.blobs_url} did not answer within {S3_CHECK_S} s; check it") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"it ended with status {error.returncode}"])[-1]
        raise Unavailable(f"the store {settings.blobs_url} could not be checked: {last}") from None
    if refused := apart.stdout:
        raise Unavailable(refused)


def check_s3_here(settings: Settings) -> None:
    """What that process does: write why the store cannot be used, or nothing."""
    try:
        asyncio.run(check_blobs(settings))
    except Unavailable as error:
        sys.stdout.write(error.message)


async def check_blobs(settings: Settings) -> None:
    """The store answers; for S3 that the bucket is there and the key is right."""
    quick = settings.s3.model_copy(update={"retry_timeout_s": min(settings.s3.retry_timeout_s, 5)})
    store = open_blobs(settings.model_copy(update={"s3": quick}))
    try:
        await store.size("wardian")
    except Unavailable as error:
        where = settings.s3.endpoint or "AWS"
        raise Unavailable(
            f"{error.message} (bucket {settings.blobs_url} at {where}); "
            "check WARDIAN_S3__ENDPOINT, WARDIAN_S3__ACCESS_KEY, WARDIAN_S3__SECRET_KEY and that the bucket exists"
        ) from error


def listen(host: str, port: int) -> socket.socket:
    """The socket that the server answers on, claimed; port 0 takes any that is free."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host or "0.0.0.0", port, type=socket.SOCK_STREAM)[0]  # noqa: S104 - as asked
    except socket.gaierror as error:
        raise Invalid(f"the host {host!r} is unknown ({error.strerror}); choose another --host") from error
    claimed = socket.socket(family, socket.SOCK_STREAM)
    claimed.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind(address)
        claimed.listen(2048)
    except PermissionError as error:
        claimed.close()
        raise Invalid(f"this user may not listen on port {port}; choose one above 1023 with --port") from error
    except OSError as error:
        claimed.close()
        if error.errno == errno.EADDRINUSE:
            raise Conflict(
                f"port {port} of {host} is in use{_by_whom(port)}; choose another with --port, or --port 0 for any"
            ) from error
        raise Invalid(f"cannot listen on {host}:{port} ({error.strerror}); choose another --host or --port") from error
    claimed.set_inheritable(True)
    return claimed


def safe(url: str) -> str:
    """A database's address without its password."""
    return sa.make_url(url).render_as_string(hide_password=True)


def _by_whom(port: int) -> str:
    try:
        owners = (
            each.pid
            for each in psutil.net_connections("tcp")
            if each.status == "LISTEN" and each.laddr and each.laddr.port == port
        )
        pid = next((pid for pid in owners if pid), None)
        return f" by {psutil.Process(pid).name()} (process {pid})" if pid else ""
    except (psutil.Error, OSError):
        return ""


@contextmanager
def _opened(url: str) -> Generator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _refused(url: str) -> Generator[None]:
    """Say which database it is and why it refuses."""
    try:
        yield
    except (Unavailable, SQLAlchemyError) as error:
        driver = error if isinstance(error, SQLAlchemyError) else error.__cause__
        reason = str(driver.orig) if isinstance(driver, DBAPIError) else str(error)
        raise Unavailable(
            f"the database {safe(url)} cannot be used: {_first_line(reason)}; start it, or check --database"
        ) from error


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:300] if text.strip() else "it does not answer"


def _mib(size: int) -> str:
    return f"{size / 1024**2:.0f} MiB"


if __name__ == "__main__":
    check_s3_here(Settings.model_validate_json(sys.stdin.read()))
    sys.stdout.flush()
    os._exit(0)  # an orderly end would now and then abort in the S3 client's threads

"""`wardian up`: check everything, claim the home and the port, then serve until told to end."""

import asyncio
import socket
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError

from wardian.kernel.errors import Invalid
from wardian.kernel.loading import without_collection
from wardian.kernel.settings import Settings
from wardian.server import startup
from wardian.server.background import detached
from wardian.server.presence import HomeLock, Presence
from wardian.server.screen import Announce, as_json, say


def up(
    *,
    home: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    database: str | None = None,
    blobs: str | None = None,
    detach: Annotated[bool, Parameter(alias="-d", negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Start the platform. It serves until Ctrl-C or `wardian down`; what it runs goes on without it.

    Every other setting is a `WARDIAN_…` variable or a line of `config.toml` in the home.

    Parameters
    ----------
    home
        Folder of all state [WARDIAN_HOME, else ~/.wardian].
    host
        Address to listen on [WARDIAN_HOST, else 127.0.0.1].
    port
        Port to listen on; 0 takes any that is free [WARDIAN_PORT, else 8080].
    database
        `postgresql://USER:PASSWORD@HOST/NAME` [WARDIAN_DATABASE, else a SQLite file in the home].
    blobs
        `s3://BUCKET/PREFIX` or a folder [WARDIAN_BLOBS, else `blobs` in the home].
    detach
        Serve in the background and return when it answers.
    json
        Answer in JSON (with --detach).
    """
    settings = settings_of(home=home, host=host, port=port, database=database, blobs=blobs)
    if running := Presence.find(settings.home):
        _say_running(running, settings.home, json=json)
        return 0
    asyncio.run(startup.check(settings))
    listening = startup.listen(settings.host, settings.port)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = HomeLock(settings.home)
    if detach:
        return detached(settings, lambda announce: _serve(settings, listening, announce), json=json)
    _serve(settings, listening, say)
    lock.close()
    return 0


def settings_of(**given: object) -> Settings:
    """The settings, or one sentence about each that makes no sense."""
    try:
        return Settings.load(**given)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc'])) or 'settings'}: {each['msg']}" for each in error.errors()]
        raise Invalid(
            f"these settings make no sense: {'; '.join(faults)}; look at the options, WARDIAN_… and config.toml"
        ) from error
    except ValueError as error:  # config.toml is no TOML
        raise Invalid(f"the settings cannot be read: {error}; look at config.toml in the home") from error


def _serve(settings: Settings, listening: socket.socket, announce: Announce) -> None:
    with without_collection():
        from wardian.server.serve import opened, serve  # noqa: PLC0415 - a second that a refused start need not pay

        server = opened(settings, announce)
    serve(server, listening)


def _say_running(running: Presence, home: Path, *, json: bool) -> None:
    if json:
        as_json(
            {"url": running.url, "pid": running.pid, "home": str(home), "version": running.version, "already": True}
        )
    else:
        say(f"Wardian {running.version} runs already on {home}: {running.url} (process {running.pid})")

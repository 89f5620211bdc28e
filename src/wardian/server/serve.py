"""One server process: uvicorn around the app, with the start screen once it answers."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from wardian import __version__
from wardian.kernel.errors import Unavailable
from wardian.kernel.settings import Settings
from wardian.server import logs, startup
from wardian.server.app import create_app
from wardian.server.first_start import Welcome, welcome
from wardian.server.presence import Presence
from wardian.server.screen import Announce, bold, rows
from wardian.server.wiring import open_house
from wardian.storage import migrations

STREAMS_END_WITHIN_S = 3


def opened(settings: Settings, announce: Announce) -> "Server":
    """Open the home, bring the database to this release's schema, make the admin of a first start; nothing runs yet."""
    logs.configure(settings)
    house = open_house(settings)
    migrations.migrate(house.db)
    told = welcome(house.db, settings)
    config = uvicorn.Config(
        create_app(house),
        http="httptools",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STREAMS_END_WITHIN_S,
    )
    return Server(config, settings, lambda: announce(start_screen(settings, told)))


def serve(server: "Server", listening: socket.socket) -> None:
    """Serve on a claimed socket until SIGINT or SIGTERM."""
    asyncio.run(server.serve(sockets=[listening]))
    if not server.started:
        raise Unavailable("the server could not start; the lines above say why, and `wardian doctor` checks each part")


class Server(uvicorn.Server):
    """Tells when it answers, and that it is gone."""

    def __init__(self, config: uvicorn.Config, settings: Settings, answers: Callable[[], None]) -> None:
        super().__init__(config)
        self._home, self._answers = settings.home, answers
        self._presence = Presence.here(settings.public_url, __version__)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._presence.write(self._home)
            self._answers()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        self._presence.remove(self._home)


def start_screen(settings: Settings, told: Welcome) -> str:
    """What people read first: where everything is, how to sign in, what to do next."""
    places = {
        "Web app": settings.public_url,
        "API": f"{settings.public_url}/api/v1",
        "Home": str(settings.home),
        "Database": startup.safe(settings.database) if settings.database else "SQLite, in the home",
        "Blobs": settings.blobs or "in the home",
    }
    parts = ["", f"  {bold(f'Wardian {__version__} is up')}", "", rows(places), ""]
    if told.admin:
        shown = f"{told.password}   (shown this once)" if told.password else "the one of WARDIAN_ADMIN_PASSWORD"
        parts += [rows({"Name": told.admin, "Password": shown}), ""]
    return "\n".join([*parts, *_next_steps(settings, told), ""])


def _next_steps(settings: Settings, told: Welcome) -> list[str]:
    if told.elsewhere:
        return [
            f"  The command line is signed in at {told.elsewhere}; `wardian login {settings.public_url}` changes that."
        ]
    usual = settings.home == Path("~/.wardian").expanduser().absolute()
    return [
        "  The command line is signed in. Next, in another terminal:",
        *([] if usual else [f"    export WARDIAN_HOME={settings.home}"]),
        "    wardian create program -f examples/digits",
        "    wardian run program digits --follow",
        '    eval "$(wardian env)"      variables for every client',
        "    wardian down               ends the server; what it runs goes on",
    ]

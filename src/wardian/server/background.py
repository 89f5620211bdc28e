"""A server in the background: forked, so that it costs no second interpreter, and waited for until it answers."""

import http.client
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from wardian.kernel.errors import WardianError
from wardian.kernel.settings import Settings
from wardian.server.presence import Presence
from wardian.server.screen import Announce, as_json, say

LOG = "server.log"
READY_WITHIN_S = 60.0
TAIL_LINES = 20
FAILED = 1


def detached(settings: Settings, serve: Callable[[Announce], None], *, json: bool) -> int:
    """Fork, let the child serve, and return once `/readyz` answers; else show what its log ends with."""
    log = settings.home / LOG
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _become_background(log, writer, serve)
    os.close(writer)
    with open(reader, encoding="utf-8") as announced:
        screen = announced.read()
    if not screen or not _ready(settings.public_url):
        tail = "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-TAIL_LINES:])
        sys.stderr.write(f"{tail}\nwardian: the server did not become ready; {log} has its whole log\n")
        return FAILED
    if json:
        running = Presence.find(settings.home)
        as_json(
            {
                "url": settings.public_url,
                "pid": running.pid if running else child,
                "home": str(settings.home),
                "already": False,
            }
        )
    else:
        say(screen)
    return 0


def _become_background(log: Path, writer: int, serve: Callable[[Announce], None]) -> None:
    """Leave the terminal, write to the log, serve, and end without running anything of the parent's."""
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)

    def announce(screen: str) -> None:
        with open(writer, "w", encoding="utf-8") as pipe:
            pipe.write(screen)

    try:
        serve(announce)
    except WardianError as error:
        sys.stderr.write(f"wardian: {error.message}\n")
        os._exit(FAILED)
    except BaseException:  # noqa: BLE001 - the last line of this process: the log must hold why it ended
        import traceback  # noqa: PLC0415 - only for this

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)
    os._exit(0)


def _ready(url: str) -> bool:
    address = urlsplit(url)
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=5)
        try:
            connection.request("GET", f"{address.path}/readyz")
            if connection.getresponse().status == http.client.OK:
                return True
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    return False

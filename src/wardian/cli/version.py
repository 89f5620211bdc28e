"""Versions: this program's and the server's."""

from wardian import __version__
from wardian.cli.context import HERE, Place
from wardian.cli.output import as_json, say
from wardian.kernel.errors import WardianError


def version(*, place: Place = HERE) -> None:
    """The version of this program and, when one answers, of the server."""
    try:
        with place.client() as client:
            server = client.request("GET", "/healthz").get("version")
    except WardianError:
        server = None
    if place.json:
        as_json({"wardian": __version__, "server": server})
    else:
        say(f"wardian {__version__}" + (f" (server {server})" if server else ""))

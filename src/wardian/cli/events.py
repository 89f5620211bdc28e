"""The audit trail."""

from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import HERE, Place
from wardian.cli.output import Column, ago, listing

COLUMNS = [
    Column("when", "at", ago),
    Column("who", "actor_name"),
    Column("did", "verb"),
    Column("to", "name"),
    Column("id", "thing"),
]


def list_events(
    *,
    project: Annotated[str | None, Parameter(alias="-p")] = None,
    verb: str | None = None,
    limit: int = 50,
    place: Place = HERE,
) -> None:
    """Who did what to which thing, newest first.

    Parameters
    ----------
    project
        Only this project; else everything you may see.
    verb
        Only this, such as `run.created`.
    """
    with place.client() as client:
        events = client.events.list(limit=limit, project=project, verb=verb)
        listing(events, COLUMNS, as_json_=place.json, empty="Nothing has happened here yet.")

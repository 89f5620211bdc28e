"""An event, and how the trail is chained so that tampering shows."""

import json
from datetime import datetime
from typing import Any

from blake3 import blake3
from pydantic import Field

from wardian.kernel.models import Model

GENESIS = "0" * 64
"""What the first event is chained to."""


class Event(Model):
    id: str
    seq: int | None = None
    """Place in the sealed trail, without gaps; None for the moment between commit and seal."""
    at: datetime
    verb: str
    """`noun.verb-ed`: `run.created`, `workload.failed`."""
    actor: str
    actor_name: str
    project: str | None = None
    noun: str
    thing: str
    """Id of the thing."""
    name: str = ""
    """What people call the thing."""
    detail: dict[str, Any] = Field(default_factory=dict)


class SealedEvent(Event):
    hash: str


class Verdict(Model):
    """Whether the trail is whole."""

    intact: bool
    checked: int
    broken_at: int | None = None
    """First `seq` whose hash does not follow from the row and the hash before."""
    head: str = GENESIS


def chained(previous: str, event: Event) -> str:
    """The hash of an event in the trail: BLAKE3 over the hash before it and its canonical JSON."""
    text = json.dumps(event.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return blake3(f"{previous}\n{text}".encode()).hexdigest()

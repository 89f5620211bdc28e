"""Filters over the trail."""

from wardian.kernel.models import Model


class EventFilter(Model):
    project: str | None = None
    """Id of a project."""
    actor: str | None = None
    noun: str | None = None
    thing: str | None = None
    verb: str | None = None
    text: str | None = None
    """Part of the thing's name."""
